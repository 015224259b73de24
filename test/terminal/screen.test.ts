import { PassThrough } from 'node:stream';
import type { ReadStream, WriteStream } from 'node:tty';

import { expect, onTestFinished, test } from 'vitest';

import { createScreen } from '../../terminal/screen.ts';

/** Both ends of a terminal, without one: what is typed, and what is written to it. */
function terminal() {
  const keys = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => keys });
  const glass = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 });
  let written = '';
  glass.on('data', (chunk: Buffer) => (written += chunk.toString()));
  const screen = createScreen(
    keys as unknown as ReadStream,
    glass as unknown as WriteStream,
    glass as unknown as WriteStream,
  );
  onTestFinished(() => screen.close());
  return {
    screen,
    written: () => written,
    type: async (text: string) => {
      keys.write(text);
      await new Promise(setImmediate);
      await new Promise(setImmediate);
    },
  };
}

test('a line that comes in stands above what is being typed, which stays and can be sent', async () => {
  const { screen, written, type } = terminal();
  screen.prompt('Lobby');
  await type('hel');
  const before = written().length;
  screen.show('#1 bob: hi');
  const since = written().slice(before);
  expect(since.indexOf('#1 bob: hi\n')).toBeGreaterThan(-1);
  expect(since.slice(since.indexOf('hi\n'))).toContain('Lobby> hel');
  await type('lo\r');
  const { value } = await screen.lines()[Symbol.asyncIterator]().next();
  expect(value).toBe('hello');
});

test('typing is told of messages, not of commands, and that the line was emptied', async () => {
  const { screen, type } = terminal();
  const told: boolean[] = [];
  screen.onTyping((typing) => told.push(typing));
  await type('a');
  await type('\u007f');
  await type('/');
  await type('/');
  expect(told).toEqual([true, false, false, true]);
});

test('in a pipe lines that came before anybody waited are not lost, and words go beside them', async () => {
  const [input, output, aside] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const screen = createScreen(
    input as unknown as ReadStream,
    output as unknown as WriteStream,
    aside as unknown as WriteStream,
  );
  input.end('one\r\ntwo\n');
  await new Promise(setImmediate);
  screen.show('shown');
  screen.tell('told');
  const lines: string[] = [];
  for await (const line of screen.lines()) lines.push(line);
  expect(lines).toEqual(['one', 'two']);
  expect(String(output.read())).toBe('shown\n');
  expect(String(aside.read())).toBe('told\n');
});
