import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { build } from 'esbuild';
import type { BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import { createIndexedDbStorage } from '../../../client/sending/indexed-db.ts';
import {
  createMemoryStorage,
  type OutboxStorage,
  type StoredMessage,
} from '../../../client/sending/outbox-storage.ts';
import { WANTED } from '../../support/browser-line.ts';
import { startBrowser } from '../../support/browser.ts';

/*
 * Goal: every storage keeps an outbox alike. Method: one suite for all; IndexedDB is that of a real
 * browser, each time in a profile of its own.
 */

const message = (user: string, uuid: string, place: number): StoredMessage => ({
  user,
  room: 'lobby',
  uuid,
  place,
  text: `text ${uuid}`,
  time: 1,
  mentions: ['bob'],
  meta: { color: ['red', null] },
});

function keepsAnOutbox(open: () => Promise<OutboxStorage>): void {
  test('loads what was put, in the order of place', async () => {
    const storage = await open();
    for (const place of [3, 1, 2]) await storage.put(message('alice', `${place}`, place));
    expect(await storage.load('alice')).toEqual(
      [1, 2, 3].map((place) => message('alice', `${place}`, place)),
    );
  });

  test('replaces what is put again, and forgets what is removed', async () => {
    const storage = await open();
    await storage.put(message('alice', '1', 1));
    await storage.put(message('alice', '2', 2));
    await storage.put({ ...message('alice', '1', 3), failed: 'muted' });
    await storage.remove('alice', '2');
    await storage.remove('alice', 'never put');
    expect(await storage.load('alice')).toEqual([{ ...message('alice', '1', 3), failed: 'muted' }]);
  });

  test('keeps people apart, also those with the same uuid', async () => {
    const storage = await open();
    await storage.put(message('alice', '1', 1));
    await storage.put(message('bob', '1', 1));
    await storage.remove('alice', '1');
    expect(await storage.load('alice')).toEqual([]);
    expect(await storage.load('bob')).toEqual([message('bob', '1', 1)]);
  });
}

describe('memory', () => keepsAnOutbox(async () => createMemoryStorage()));

test('there is no IndexedDB in Node, and so no storage of it', () => {
  expect(createIndexedDbStorage('wss://chat.example/')).toBeUndefined();
});

const browser = await startBrowser();

describe.skipIf(browser === undefined)(`IndexedDB (${WANTED})`, () => {
  let address = '';
  let script = '';
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(`<script>${script}</script>`);
  });

  beforeAll(async () => {
    const entry = new URL('../../../client/sending/indexed-db.ts', import.meta.url).pathname;
    const { outputFiles } = await build({
      entryPoints: [entry],
      bundle: true,
      format: 'iife',
      platform: 'browser',
      write: false,
      globalName: 'client',
    });
    script = outputFiles[0]?.text ?? '';
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterAll(async () => {
    await browser?.close();
    server.close();
  });

  /** Another tab of the same profile, or of a new one. */
  async function openTab(context?: BrowserContext, url = 'wss://chat.example/') {
    const profile = context ?? (await browser?.newContext());
    if (profile === undefined) throw new Error('There is no browser');
    onTestFinished(() => profile.close());
    const page = await profile.newPage();
    await page.goto(address);
    const call = <Result>(name: string, ...given: readonly unknown[]) =>
      page.evaluate<Result>(
        `(globalThis.storage ??= client.createIndexedDbStorage('${url}')).${name}(...${JSON.stringify(given)})`,
      );
    const storage: OutboxStorage = {
      load: (user) => call('load', user),
      put: (message) => call('put', message),
      remove: (user, uuid) => call('remove', user, uuid),
    };
    return { profile, page, storage };
  }

  keepsAnOutbox(async () => (await openTab()).storage);

  test('outlives a reload, and is shared by tabs', async () => {
    const { profile, page, storage } = await openTab();
    await storage.put(message('alice', '1', 1));
    await page.reload();
    expect(await storage.load('alice')).toHaveLength(1);
    expect(await (await openTab(profile)).storage.load('alice')).toHaveLength(1);
  });

  test('keeps servers apart', async () => {
    const { profile, storage } = await openTab();
    await storage.put(message('alice', '1', 1));
    const other = await openTab(profile, 'wss://other.example/');
    expect(await other.storage.load('alice')).toEqual([]);
  });
});
