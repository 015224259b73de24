import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';

import { type Cloud, startCloud } from '../../emulator/index.ts';

// Apps of other people, unchanged: synthesized by their own programs, run, and used over real sockets.

const assemblies = mkdtempSync(join(tmpdir(), 'parley-apps-'));
afterAll(() => rmSync(assemblies, { recursive: true, force: true }));

/** Runs an app as `cdk synth` does: its program, told where its assembly goes. */
async function synthesizeApp(path: string): Promise<string> {
  const directory = mkdtempSync(join(assemblies, 'app-'));
  const program = fileURLToPath(new URL(`../fixtures/apps/${path}`, import.meta.url));
  await promisify(execFile)(process.execPath, [program], {
    env: { ...process.env, CDK_OUTDIR: directory },
  });
  return directory;
}

async function start(assembly: string): Promise<Cloud & { readonly log: readonly string[] }> {
  const log: string[] = [];
  const cloud = await startCloud({
    assembly,
    log: (source, line) => log.push(`${source}: ${line}`),
  });
  onTestFinished(() => cloud.close());
  return { ...cloud, log };
}

async function open(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url);
  await once(socket, 'open');
  return socket;
}

async function statusOf(url: string): Promise<number> {
  const socket = new WebSocket(url);
  socket.on('error', () => {});
  const [, { statusCode }] = (await once(socket, 'unexpected-response')) as [
    unknown,
    { statusCode: number },
  ];
  return statusCode;
}

const nextText = async (socket: WebSocket) => String((await once(socket, 'message'))[0]);

describe('a foreign app of L1 constructs in CommonJS', () => {
  let assembly: string;
  beforeAll(async () => {
    assembly = await synthesizeApp('echo/app.cjs');
  });

  test('runs unchanged: authorizer, two-way route, code without bundle, SDK from the runtime', async () => {
    const cloud = await start(assembly);
    expect(cloud.unsupported).toEqual([]);
    const url = cloud.outputs['Url'] ?? '';
    expect(url).toBe(cloud.apis[0]?.websocket);
    expect(url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/live$/);

    const alice = await open(`${url}?name=alice`);
    const answered = nextText(alice);
    alice.send(JSON.stringify({ type: 'echo', text: 'hello' }));
    expect(await answered).toBe('alice: HELLO!');
    expect(await statusOf(`${url}?name=mallory`)).toBe(403);
    expect(await statusOf(url)).toBe(401);
    expect(cloud.meter.read()['dynamodb.write']).toEqual({ 'Echo/Echoes': 1 });
    alice.close();
    await cloud.settled();
  });

  test('is told once that its runtime is another one', async () => {
    const { log } = await start(assembly);
    expect(log).toEqual([
      expect.stringMatching(
        /^emulator: nodejs22\.x runs on Node 24\.\S+ here: Echo\/Gate, Echo\/EchoFunction$/,
      ),
    ]);
  });
});

describe('a foreign app of two stacks, one of HTTP, one of WebSockets', () => {
  let assembly: string;
  beforeAll(async () => {
    assembly = await synthesizeApp('board/app.mjs');
  });

  test('runs unchanged: what is posted by HTTP reaches every socket', async () => {
    const cloud = await start(assembly);
    const { SocketUrl = '', BoardUrl = '' } = cloud.outputs;
    expect(BoardUrl).toBe(cloud.httpApis[0]?.url);
    const [bob, carol] = [await open(SocketUrl), await open(SocketUrl)];
    const heard = Promise.all([nextText(bob), nextText(carol)]);
    const response = await fetch(`${BoardUrl}boards/lobby/posts`, {
      method: 'POST',
      headers: { authorization: 'alice', 'content-type': 'application/json' },
      body: JSON.stringify({ text: 'hello' }),
    });
    expect(response.status).toBe(200);
    const text = JSON.stringify({ board: 'lobby', from: 'alice', text: 'hello' });
    expect(await heard).toEqual([text, text]);

    const [topic] = cloud.unsupported;
    expect(cloud.unsupported).toMatchObject([
      { type: 'AWS::SNS::Topic', path: 'Web/News/Resource' },
    ]);
    expect(await response.json()).toEqual({ delivered: 2, news: topic?.placeholder });
    bob.close();
    carol.close();
    await cloud.settled();
  });

  test('has its authorizer, its CORS and its greedy path', async () => {
    const { outputs } = await start(assembly);
    const url = (path: string) => `${outputs['BoardUrl']}${path}`;
    const posting = { method: 'POST', headers: { authorization: 'mallory' } };
    expect((await fetch(url('boards/lobby/posts'), posting)).status).toBe(403);
    expect((await fetch(url('boards/lobby/posts'), { method: 'POST' })).status).toBe(401);

    const about = await fetch(url('about/us/all'), {
      headers: { origin: 'https://board.example' },
    });
    expect(about.status).toBe(203);
    expect(await about.text()).toBe('/about/us/all us/all');
    expect(about.headers.getSetCookie()).toEqual(['seen=1; Path=/']);
    expect(about.headers.get('access-control-allow-origin')).toBe('https://board.example');
    const nowhere = await fetch(url('nowhere'));
    expect([nowhere.status, await nowhere.json()]).toEqual([404, { message: 'Not Found' }]);
  });
});
