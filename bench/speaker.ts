import { once } from 'node:events';

import { WebSocket } from 'ws';

import type { LocalChat } from '../bin/local-chat.ts';

/** A connection that says things and waits for them to come back, and does nothing else that takes time. */
export interface Speaker {
  /** Resolves when everybody, and so the speaker, has been told of it. */
  say(room: string, text: string): Promise<void>;
  close(): void;
}

export async function openSpeaker(chat: LocalChat, token: string): Promise<Speaker> {
  const socket = new WebSocket(chat.cloud.apis[0]?.websocket ?? '');
  const waiting = new Map<string, () => void>();
  let count = 0;
  socket.on('message', (data: Buffer) => {
    const [, uuid = ''] = /^\{"uuid":"([^"]+)"/.exec(data.toString('utf8', 0, 80)) ?? [];
    waiting.get(uuid)?.();
    waiting.delete(uuid);
  });
  await once(socket, 'open');
  const name = crypto.randomUUID();
  const ask = (frame: object) => {
    count += 1;
    const uuid = `${name}-${count}`;
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.set(uuid, resolve);
    socket.send(JSON.stringify({ uuid, ...frame }));
    return promise;
  };
  await ask({ action: 'authenticate', token });
  return {
    say: (room, text) => ask({ action: 'new_message', room, text }),
    close: () => socket.close(),
  };
}
