import { describe, expect, test } from 'vitest';

import { realClock } from '../../../emulator/index.ts';
import { PAGE_HEADER } from '../../../emulator/page/page-service.ts';
import type { PageState } from '../../../emulator/page/state.ts';
import { type SmallCloud, startSmallCloud } from '../faults/small-cloud.ts';

/*
 * Goal: the page under `/_parley` tells what goes on, does what it is asked, and is nobody's from outside.
 * Method: a small app that knows nothing of chat; plain HTTP requests, as a page of any site could send them.
 */

const OWN = { [PAGE_HEADER]: '1' };

async function stateOf({ url }: SmallCloud): Promise<PageState> {
  return (await (await fetch(`${url}/_parley/state`)).json()) as PageState;
}

/** A queue with a letter: the stream's function crashed more often than it is tried. */
async function withLetter(): Promise<SmallCloud> {
  const cloud = await startSmallCloud({
    // Back-offs of seconds pass soon.
    clock: realClock(20),
    faults: {
      rules: [{ fault: 'function-crash', where: { resource: '*Follow*' }, when: { first: 4 } }],
    },
  });
  await cloud.put('lost');
  await cloud.settled();
  return cloud;
}

describe('the state', () => {
  test('tells of connections, frames, invocations with what they printed, streams and the bill', async () => {
    const cloud = await startSmallCloud();
    const client = await cloud.open();
    await client.run(['now']);
    expect(await cloud.post(client.connectionId, 'hello')).toBe(200);
    await cloud.put('one');
    await cloud.settled();

    const state = await stateOf(cloud);
    expect(state.apis).toMatchObject([
      {
        routes: ['$connect', '$disconnect', 'do'],
        connections: [{ connectionId: client.connectionId }],
      },
    ]);
    const seen = state.frames.map(({ what, by }) => [what, by]);
    expect(seen).toContainEqual(['open', undefined]);
    expect(seen).toContainEqual(['in', 'do']);
    expect(seen).toContainEqual(['out', 'do']);
    expect(state.frames).toContainEqual(
      expect.objectContaining({ what: 'post', code: 200, bytes: 5 }),
    );
    const acted = state.invocations.find(({ function: name }) => name === 'small-act');
    expect(acted).toMatchObject({ outcome: 'returned', logs: [expect.stringContaining('done')] });
    expect(state.mappings).toMatchObject([{ status: 'on', records: 0 }]);
    expect(state.bill.usd).toBeGreaterThan(0);
  });

  test('holds nothing that was said, unless it was asked for', async () => {
    const quiet = await startSmallCloud();
    await (await quiet.open()).run(['dynamodb', 'SecretCall']);
    expect(JSON.stringify((await stateOf(quiet)).frames)).not.toContain('SecretCall');
    const open = await startSmallCloud({ trace: 'content' });
    await (await open.open()).run(['dynamodb', 'SecretCall']);
    expect(JSON.stringify((await stateOf(open)).frames)).toContain('SecretCall');
  });
});

describe('asked by its own page', () => {
  test('cuts a connection off', async () => {
    const cloud = await startSmallCloud();
    const client = await cloud.open();
    const cut = () =>
      fetch(`${cloud.url}/_parley/cut?connection=${encodeURIComponent(client.connectionId)}`, {
        method: 'POST',
        headers: OWN,
      });
    expect((await cut()).status).toBe(200);
    expect(await client.closed).toBe(1006);
    await cloud.settled();
    expect((await cut()).status).toBe(404);
  });

  test('redrives a dead letter: its records reach the function, and the letter is gone', async () => {
    const cloud = await withLetter();
    const [queue] = (await stateOf(cloud)).queues;
    const [letter] = queue?.messages ?? [];
    expect(cloud.batches()).toEqual([]);
    const answer = await fetch(
      `${cloud.url}/_parley/redrive?queue=${queue?.name}&message=${letter?.messageId}`,
      { method: 'POST', headers: OWN },
    );
    expect(await answer.json()).toEqual({ redriven: 1 });
    expect(cloud.batches()).toEqual([['lost=lost']]);
    expect((await stateOf(cloud)).queues[0]?.messages).toEqual([]);
  });

  test('keeps a letter whose function fails again, and says why', async () => {
    const cloud = await withLetter();
    cloud.faults.add({ fault: 'function-crash', where: { resource: '*Follow*' } });
    const [queue] = (await stateOf(cloud)).queues;
    const letters = queue?.messages ?? [];
    const answer = await fetch(
      `${cloud.url}/_parley/redrive?queue=${queue?.name}&message=${letters[0]?.messageId}`,
      { method: 'POST', headers: OWN },
    );
    expect(await answer.json()).toEqual({ problem: expect.stringContaining('Runtime.ExitError') });
    expect((await stateOf(cloud)).queues[0]?.messages).toEqual(letters);
  });
});

describe('asked from elsewhere', () => {
  const cut = (cloud: SmallCloud, headers: Record<string, string>) =>
    fetch(`${cloud.url}/_parley/cut?connection=any`, { method: 'POST', headers });

  test('does nothing for a page of another site, with or without its header', async () => {
    const cloud = await startSmallCloud();
    expect((await cut(cloud, {})).status).toBe(403);
    expect((await cut(cloud, { ...OWN, origin: 'https://example.com' })).status).toBe(403);
    const preflight = await fetch(`${cloud.url}/_parley/cut`, { method: 'OPTIONS' });
    expect(preflight.status).toBe(405);
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
  });

  test('answers to no other name than this machine’s own', async () => {
    const cloud = await startSmallCloud();
    for (const path of ['', '/state', '/meter']) {
      const response = await rawGet(cloud.url, `/_parley${path}`, 'rebound.example');
      expect(response).toMatch(/^HTTP\/1\.1 403 /);
      expect(await rawGet(cloud.url, `/_parley${path}`, 'localhost')).toMatch(/^HTTP\/1\.1 200 /);
    }
  });
});

/** A request with a Host of one's choice, which `fetch` would not send. */
async function rawGet(url: string, path: string, host: string): Promise<string> {
  const { connect } = await import('node:net');
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  return text;
}
