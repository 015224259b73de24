import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

import { expect, onTestFinished, test } from 'vitest';

import { startWebServer, type WebServer } from '../../bin/web-server.ts';
import { PortInUse } from '../../emulator/index.ts';
import { scratchDirectory, writeFiles } from '../support/templates.ts';

const CONFIG = { url: 'ws://127.0.0.1:4000/prod', people: [{ user: 'alice', token: 't' }] };

async function serve(port = 0): Promise<WebServer> {
  const directory = scratchDirectory();
  writeFiles(directory, {
    'index.html': '<!doctype html>',
    'assets/index-abc.js': 'export {}',
    'assets/index-abc.css': 'a {}',
    'favicon.svg': '<svg/>',
  });
  const server = await startWebServer({ directory, config: CONFIG, port });
  onTestFinished(() => server.close());
  return server;
}

test('serves the page and its files with their types', async () => {
  const { url } = await serve();
  const types: Record<string, string> = {};
  for (const path of [
    '',
    'index.html',
    'assets/index-abc.js',
    'assets/index-abc.css',
    'favicon.svg',
  ]) {
    const response = await fetch(url + path);
    expect(response.status).toBe(200);
    types[path] = response.headers.get('content-type') ?? '';
  }
  expect(types).toStrictEqual({
    '': 'text/html; charset=utf-8',
    'index.html': 'text/html; charset=utf-8',
    'assets/index-abc.js': 'text/javascript; charset=utf-8',
    'assets/index-abc.css': 'text/css; charset=utf-8',
    'favicon.svg': 'image/svg+xml',
  });
});

test('lets what has a hash in its name be kept, and nothing else', async () => {
  const { url } = await serve();
  const caching = async (path: string) => (await fetch(url + path)).headers.get('cache-control');
  expect(await caching('assets/index-abc.js')).toContain('immutable');
  expect(await caching('')).toBe('no-cache');
  expect(await caching('config.json')).toBe('no-store');
});

test('tells the page where the chat is, and who may sign in with a click', async () => {
  const { url } = await serve();
  expect(await (await fetch(`${url}config.json`)).json()).toStrictEqual(CONFIG);
});

test('forbids the page everything but itself and the chat', async () => {
  const { url } = await serve();
  for (const path of ['', 'config.json', 'nothing']) {
    const { headers } = await fetch(url + path);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`connect-src 'self' ${CONFIG.url};`);
    expect(policy).not.toMatch(/unsafe|\*|data:/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  }
});

test('has nothing beyond its files', async () => {
  const { url } = await serve();
  for (const path of ['nothing', 'assets', 'assets/', '__proto__', '%2e%2e/%2e%2e/etc/passwd']) {
    expect((await fetch(url + path)).status).toBe(404);
  }
  expect(await raw(url, 'GET /../../../../etc/passwd HTTP/1.1', '127.0.0.1')).toContain(' 404 ');
});

test('answers reading requests only', async () => {
  const { url } = await serve();
  expect((await fetch(url, { method: 'POST' })).status).toBe(405);
  const head = await fetch(url, { method: 'HEAD' });
  expect(head.status).toBe(200);
  expect(await head.text()).toBe('');
});

test('answers nobody who calls it by a name of his own, so that no site can read the tokens', async () => {
  const { url } = await serve();
  expect(await raw(url, 'GET /config.json HTTP/1.1', 'evil.example')).toContain(' 421 ');
  expect(await raw(url, 'GET /config.json HTTP/1.1', 'localhost:3000')).toContain(' 200 ');
});

test('says when its port is in use', async () => {
  const { url } = await serve();
  await expect(serve(Number(new URL(url).port))).rejects.toThrow(PortInUse);
});

/** A request as it is written, which `fetch` would tidy up. */
async function raw(url: string, line: string, host: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.end(`${line}\r\nhost: ${host}\r\nconnection: close\r\n\r\n`);
  return text(socket);
}
