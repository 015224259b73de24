import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';

import { openChat, type TestChat } from '../support/chat.ts';
import { runToEnd } from '../support/program.ts';

/** `npm run chat` as scripts use it: lines in, one JSON object a line out. */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

let chat: TestChat;
beforeAll(async () => {
  chat = await openChat();
});
afterAll(() => chat.close());

type Told = Readonly<Record<string, unknown>> & { readonly type: string };

interface Cli {
  readonly process: ChildProcess;
  readonly told: readonly Told[];
  type(line: string): void;
  until(condition: (told: Told) => boolean): Promise<Told>;
  /** Ends the input, and answers the exit code. */
  end(): Promise<number | null>;
}

function start(user: string, ...options: readonly string[]): Cli {
  const url = chat.cloud.apis[0]?.websocket ?? '';
  const child = spawn(process.execPath, ['bin/chat-cli.ts', '--url', url, '--json', ...options], {
    cwd: ROOT,
    env: { ...process.env, PARLEY_TOKEN: chat.tokens[user] },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const told: Told[] = [];
  let watchers: { condition: (one: Told) => boolean; found: (one: Told) => void }[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    const one = JSON.parse(line) as Told;
    told.push(one);
    const found = watchers.filter(({ condition }) => condition(one));
    watchers = watchers.filter((watcher) => !found.includes(watcher));
    for (const watcher of found) watcher.found(one);
  });
  return {
    process: child,
    told,
    type: (line) => void child.stdin.write(`${line}\n`),
    until(condition) {
      const before = told.find(condition);
      if (before !== undefined) return Promise.resolve(before);
      return new Promise((found) => watchers.push({ condition, found }));
    },
    async end() {
      child.stdin.end();
      const [code] = (await once(child, 'close')) as [number | null];
      return code;
    },
  };
}

const online = (cli: Cli) =>
  cli.until(({ type, state }) => type === 'connection' && state === 'online');
const said = (text: string) => (told: Told) => told.type === 'message' && told['text'] === text;

test('what one says the other is told, each message once and with its number', async () => {
  const [alice, bob] = [start('alice', '--room', 'lobby'), start('bob', '--room', 'Lobby')];
  await Promise.all([online(alice), online(bob)]);
  for (const text of ['one', 'two', 'three']) alice.type(text);
  await bob.until(said('three'));
  bob.type('/reply 2 four');
  await alice.until(said('four'));
  const messages = alice.told.filter(({ type }) => type === 'message');
  expect(messages.map(({ seq, user, text }) => [seq, user, text])).toEqual([
    [1, 'alice', 'one'],
    [2, 'alice', 'two'],
    [3, 'alice', 'three'],
    [4, 'bob', 'four'],
  ]);
  expect(messages.at(-1)).toMatchObject({ replyTo: 2 });
  expect(await alice.end()).toBe(0);
  expect(await bob.end()).toBe(0);
});

test('lines of a pipe are sent before it ends, in their order', async () => {
  const lines = Array.from({ length: 30 }, (_, index) => `line ${index}`);
  const cli = start('alice', '--room', 'engineering');
  cli.process.stdin?.write(lines.map((line) => `${line}\n`).join(''));
  expect(await cli.end()).toBe(0);
  const texts = (await chat.log('engineering')).flatMap(({ content }) => {
    const { text } = JSON.parse(String(content)) as { text?: string };
    return text?.startsWith('line ') ? [text] : [];
  });
  expect(texts).toEqual(lines);
});

test('a message that is refused is told, and the exit code says so', async () => {
  const cli = start('alice', '--room', 'lobby');
  await online(cli);
  cli.type('x'.repeat(4_001));
  expect(await cli.until(({ type }) => type === 'failed')).toMatchObject({ code: 'text_too_long' });
  expect(await cli.end()).toBe(1);
});

test('commands list, change, prove and make; what is unknown is told', async () => {
  const cli = start('carol');
  await online(cli);
  cli.type('/create Plans');
  await cli.until(({ type, kind }) => type === 'notice' && kind === 'join');
  cli.type('tomorow');
  const { seq } = await cli.until(said('tomorow'));
  cli.type(`/edit ${Number(seq)} tomorrow`);
  expect(await cli.until(({ type }) => type === 'edited')).toMatchObject({ text: 'tomorrow' });
  cli.type('/verify');
  expect(await cli.until(({ type }) => type === 'verified')).toMatchObject({ ok: true });
  cli.type('/rooms');
  const { rooms } = await cli.until(({ type }) => type === 'rooms');
  expect(rooms).toMatchObject([{ name: 'Plans' }, { name: 'Engineering' }]);
  cli.type('/dance');
  await cli.until(({ type, code }) => type === 'refused' && code === 'unknown_command');
  cli.type('/quit');
  expect(await cli.end()).toBe(0);
});

test.each([
  ['a token that nobody has', ['--token', 'nobody.xyz'], 1],
  ['a plain URL of another machine', ['--token', 'x', '--url', 'ws://chat.example.com/'], 2],
  ['an unknown option', ['--what'], 2],
])('%s ends it in words', async (_what, options, code) => {
  const url = chat.cloud.apis[0]?.websocket ?? '';
  const ended = await runToEnd('bin/chat-cli.ts', '--url', url, ...options);
  expect(ended.code).toBe(code);
  expect(ended.stderr).not.toMatch(/^\s+at /m);
  expect(ended.stderr.length).toBeGreaterThan(10);
});
