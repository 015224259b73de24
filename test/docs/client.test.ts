import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { expect, onTestFinished, test } from 'vitest';

import type { Room } from '../../client/rooms/room.ts';
import { startChat } from '../support/chat.ts';

/*
 * Goal: whoever copies the examples of docs/client.md has a chat that works. Method: they are run as they
 * stand, one after the other, by Node itself, against the emulator.
 */

const CLIENT = new URL('../../client/index.ts', import.meta.url);

interface Given {
  readonly url: string;
  readonly token: string;
  readonly show: (...values: readonly unknown[]) => void;
  readonly draw: (messages: Room['messages']) => void;
  readonly settled: (room: Room) => Promise<void>;
}

type Example = (given: Given) => Promise<void>;

/** All examples as one function of what they take for granted. */
async function examples(): Promise<Example> {
  const text = await readFile(new URL('../../docs/client.md', import.meta.url), 'utf8');
  const code = [...text.matchAll(/^```js\n(.*?)^```$/gms)].map(([, block]) => block).join('\n');
  const [head = '', ...body] = code.replace("'parley/client'", `'${CLIENT.href}'`).split(';\n');
  const directory = await mkdtemp(join(tmpdir(), 'client-examples-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const file = join(directory, 'examples.mjs');
  const names = 'url, token, show, draw, settled';
  await writeFile(
    file,
    `${head};\nexport default async ({ ${names} }) => {${body.join(';\n')}\n};`,
  );
  const module = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as {
    readonly default: Example;
  };
  return module.default;
}

test('the examples of docs/client.md run as they stand', async () => {
  const server = await startChat();
  const shown: unknown[][] = [];
  const drawn: Room['messages'][] = [];
  const run = await examples();
  await run({
    url: server.cloud.apis[0]?.websocket ?? '',
    token: server.tokens['alice'] ?? '',
    show: (...values) => shown.push([...values]),
    draw: (messages) => drawn.push(messages),
    settled: (room) =>
      new Promise((resolve) => {
        room.on('change', ({ messages }) => messages.at(-1)?.seq !== undefined && resolve());
      }),
  });

  expect(shown).toContainEqual(['online']);
  expect(shown).toContainEqual(['sending']);
  expect(shown).toContainEqual(['forbidden']);
  expect(shown).toContainEqual([expect.objectContaining({ ok: true, from: 1 })]);
  expect(shown.at(-1)).toEqual(['closed']);
  expect(drawn.flat().map(({ text }) => text)).toContain('Hello');
});
