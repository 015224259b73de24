import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, inject, onTestFinished, test } from 'vitest';

import { openDevice } from '../support/device.ts';
import { type Program, run, runNpm, runToEnd } from '../support/program.ts';

interface Started {
  readonly websocket: string;
  readonly management: string;
  readonly dynamodb: string;
  readonly web: string;
  readonly users: readonly { readonly username: string; readonly token: string }[];
  readonly rooms: readonly {
    readonly id: string;
    readonly name: string;
    readonly members: readonly string[];
  }[];
}

async function start(...parameters: string[]): Promise<Started & { readonly program: Program }> {
  const program = run('bin/local.ts', '--json', '--port', '0', ...parameters);
  onTestFinished(() => void program.process.kill('SIGKILL'));
  return { ...(JSON.parse(await program.firstLine()) as Started), program };
}

const tokenOf = ({ users }: Started, name: string) =>
  users.find(({ username }) => username === name)?.token ?? '';

test('npm start --json prints one line that says where everything is, and a client can use it', async () => {
  const started = await start();
  const { websocket, management, dynamodb, users, rooms, program } = started;
  expect(websocket).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/prod$/);
  expect(management).toBe(websocket.replace(/^ws/, 'http'));
  expect(dynamodb).toBe(management.replace('/prod', ''));
  expect(users.map(({ username }) => username)).toEqual(['alice', 'bob', 'carol']);
  expect(rooms).toEqual([
    { id: expect.any(String) as string, name: 'Lobby', members: ['alice', 'bob'] },
    { id: expect.any(String) as string, name: 'Engineering', members: ['alice', 'bob', 'carol'] },
  ]);

  const alice = await openDevice(websocket);
  expect(await alice.authenticate(tokenOf(started, 'alice'))).toMatchObject({ status: 'success' });
  const uuid = alice.say(rooms[0]?.id ?? '', 'Hello');
  await alice.until((frame) => frame.uuid === uuid && frame.status === 'success');

  const endedAt = Date.now();
  program.process.kill('SIGTERM');
  expect(await alice.closed).toMatchObject({ code: 1001 });
  expect(await program.exited).toBe(0);
  expect(Date.now() - endedAt).toBeLessThan(2_000);
  expect(program.stdout().trimEnd().split('\n')).toHaveLength(1);
});

test('npm start serves the web chat, which is told where the chat is and who may sign in with a click', async () => {
  const { web, websocket, users } = await start();
  expect(web).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  const page = await fetch(web);
  expect(page.status).toBe(200);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(await page.text()).toMatch(/<script type="module"[^>]* src="\.\/assets\//);
  expect(await (await fetch(new URL('config.json', web))).json()).toEqual({
    url: websocket,
    people: users.map(({ username, token }) => ({ user: username, token })),
  });
});

test('SIGINT ends it with exit code 0, sockets or none', async () => {
  const { program } = await start();
  program.process.kill('SIGINT');
  expect(await program.exited).toBe(0);
});

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s to npm itself ends everything with exit code 0, and nothing but the line was on standard output',
  async (signal) => {
    // The regression: npm's shell took the signal, and the chat lived on without a parent.
    const program = runNpm('start', '--', '--json', '--port', '0');
    onTestFinished(() => void program.process.kill('SIGKILL'));
    const { websocket } = JSON.parse(await program.firstLine()) as Started;
    const device = await openDevice(websocket);
    program.process.kill(signal);
    expect(await device.closed).toMatchObject({ code: 1001 });
    expect(await program.exited).toBe(0);
    expect(program.stdout().trimEnd().split('\n')).toHaveLength(1);
    await expect(openDevice(websocket)).rejects.toThrow('ECONNREFUSED');
  },
);

test('the admin command adds people and rooms to the running chat, and sockets that are open hear them', async () => {
  const started = await start();
  const admin = (...words: string[]) =>
    runToEnd('bin/admin.ts', ...words, '--endpoint', started.dynamodb);
  const bob = await openDevice(started.websocket);
  await bob.authenticate(tokenOf(started, 'bob'));

  expect(await admin('user', 'add', 'dave')).toMatchObject({ code: 0 });
  const token = (await admin('token', 'issue', 'dave')).stdout.trim();
  const room = (await admin('room', 'add', 'Kitchen', '--members', 'dave,bob')).stdout.trim();
  const dave = await openDevice(started.websocket);
  expect(await dave.authenticate(token)).toMatchObject({ user: { username: 'dave' } });
  dave.say(room, 'Soup is ready');
  await bob.until((frame) => frame.room === room && frame.message?.text === 'Soup is ready');

  expect(await admin('token', 'revoke', 'dave')).toMatchObject({ code: 0 });
  expect(await dave.select(room)).toMatchObject({ code: 'authentication_required' });
});

test.each([
  ['a user that exists', ['user', 'add', 'alice'], /already/],
  ['a name no user can have', ['user', 'add', 'a#b'], /cannot be a username/],
  ['a token for nobody', ['token', 'issue', 'nobody'], /no user nobody/],
  ['a room of somebody unknown', ['room', 'add', 'Den', '--members', 'nobody'], /no user nobody/],
  ['an unknown command', ['user', 'dance', 'alice'], /Usage/],
  ['a missing name', ['user', 'add'], /Usage/],
  ['an unknown option', ['user', 'add', 'x', '--what'], /--what/],
])('the admin command refuses %s in words, with exit code 2', async (_title, words, message) => {
  const started = await start();
  const { code, stderr } = await runToEnd('bin/admin.ts', ...words, '--endpoint', started.dynamodb);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(message) as string });
  expect(stderr).not.toMatch(/^\s+at /m);
});

test('the admin command says what to do when no chat answers', async () => {
  const { code, stderr } = await runToEnd(
    'bin/admin.ts',
    'user',
    'add',
    'x',
    '--endpoint',
    'http://127.0.0.1:1',
  );
  expect(code).toBe(2);
  expect(stderr).toMatch(/npm start/);
});

test('data that is kept is there after a restart', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'parley-data-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const first = await start('--data', directory);
  const alice = await openDevice(first.websocket);
  await alice.authenticate(tokenOf(first, 'alice'));
  const uuid = alice.say('lobby', 'remember me');
  await alice.until((frame) => frame.uuid === uuid);
  first.program.process.kill('SIGTERM');
  await first.program.exited;

  const second = await start('--data', directory);
  const again = await openDevice(second.websocket);
  // The token of the first run is valid still.
  await again.authenticate(tokenOf(first, 'alice'));
  expect(await again.select('lobby')).toMatchObject({
    head: 1,
    room_messages: [{ text: 'remember me' }],
  });
});

test.each(['bin/local.ts', 'bin/emulate.ts'])(
  '%s refuses a port in use in one line, with exit code 2',
  async (script) => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const app = script === 'bin/emulate.ts' ? ['--app', inject('assembly')] : [];
    const { code, stderr, stdout } = await runToEnd(script, '--port', port, ...app);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.trimEnd()).toMatch(/^Port \d+ is in use: choose another with --port/);
    expect(stderr.trimEnd()).not.toContain('\n');
  },
);

test.each(['bin/local.ts', 'bin/emulate.ts', 'bin/admin.ts', 'bin/chat-cli.ts'])(
  '%s --help says how it is used',
  async (script) => {
    const { code, stdout } = await runToEnd(script, '--help');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Usage: npm /);
  },
);

test.each([
  ['bin/local.ts', ['--prot', '1'], /--prot/],
  ['bin/local.ts', ['--port', 'many'], /--port must be a number/],
  ['bin/local.ts', ['--dynamodb', 'http://127.0.0.1:1', '--port', '0'], /127\.0\.0\.1:1/],
  ['bin/emulate.ts', ['--context', 'stage'], /--context must be KEY=VALUE, not stage/],
  [
    'bin/emulate.ts',
    ['--app', 'x', '--iam', 'maybe'],
    /--iam must be off, warn or enforce, not "maybe"/,
  ],
  ['bin/emulate.ts', ['--app', 'x', '--quotas', '10'], /--quotas must be aws or off, not "10"/],
  ['bin/emulate.ts', ['--app', 'nowhere'], /no cloud assembly in .*nowhere/],
])('%s %j is refused in words, with exit code 2', async (script, parameters, message) => {
  const { code, stderr, stdout } = await runToEnd(script, ...parameters);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/^\s+at /m);
});

test('npm run emulate runs any assembly and says in one line what is where', async () => {
  const program = run('bin/emulate.ts', '--app', inject('assembly'), '--port', '0', '--json');
  onTestFinished(() => void program.process.kill('SIGKILL'));
  const described = JSON.parse(await program.firstLine()) as Record<string, unknown>;
  expect(described).toEqual({
    apis: [
      {
        id: expect.stringMatching(/^[a-z0-9]{10}$/) as string,
        name: 'Parley',
        protocol: 'WEBSOCKET',
        websocket: expect.stringMatching(/^ws:\/\/127\.0\.0\.1:\d+\/prod$/) as string,
        management: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/prod$/) as string,
      },
    ],
    tables: expect.arrayContaining([expect.stringContaining('Inbox') as string]) as string[],
    functions: expect.arrayContaining([expect.stringContaining('Broadcast') as string]) as string[],
    dynamodb: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) as string,
    unsupported: [],
  });
  program.process.kill('SIGTERM');
  expect(await program.exited).toBe(0);
});

test('cdk synth works offline and warns of nothing', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'parley-synth-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const { code, stdout, stderr } = await runToEnd(
    'node_modules/aws-cdk/bin/cdk',
    'synth',
    '--quiet',
    '--output',
    directory,
  );
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: '' });
});
