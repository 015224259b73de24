/** Servers of contestants in processes of their own, so that their CPU is not that of the clients. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import type { Served } from './contestant.ts';
import { type Profile, roomsOf } from './profile.ts';

export interface Serving extends Served {
  close(): Promise<void>;
}

const SCRIPT = fileURLToPath(new URL('server.ts', import.meta.url));

export async function startServing(name: string, profile: Profile): Promise<Serving> {
  const words = [name, String(roomsOf(profile)), String(profile.roomSize)];
  const child = fork(SCRIPT, words, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const exited = once(child, 'exit');
  const answer = async () => {
    const [message] = (await Promise.race([
      once(child, 'message'),
      exited.then(() => {
        throw new Error(`The server of ${name} has ended`);
      }),
    ])) as [unknown];
    return message;
  };
  const { url, tokens } = (await answer()) as Pick<Served, 'url' | 'tokens'>;
  return {
    url,
    tokens,
    async deploy() {
      child.send('deploy');
      await answer();
    },
    async close() {
      child.disconnect();
      await exited;
    },
  };
}
