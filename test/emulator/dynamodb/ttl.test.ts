import { execFileSync } from 'node:child_process';

import { describe, expect, test } from 'vitest';

import { manualClock } from '../../../emulator/clock.ts';
import { demand, DYNAMODB, type Json } from '../../../emulator/dynamodb/client.ts';
import type { Engine } from '../../../emulator/dynamodb/engine.ts';
import { openStream } from '../../../emulator/dynamodb/streams.ts';
import { startTtlSweep } from '../../../emulator/dynamodb/ttl.ts';
import { REGION, startTestEngine, streamed } from './database.ts';

const sessions = streamed('Sessions', 'NEW_AND_OLD_IMAGES', { ttlAttribute: 'expires' });
const DAY_SECONDS = 24 * 60 * 60;

async function open() {
  const engine: Engine = await startTestEngine([sessions]);
  const clock = manualClock();
  const swept: string[] = [];
  const waiting: (() => void)[] = [];
  const ttl = startTtlSweep({
    engine,
    tables: [sessions],
    clock,
    onWrite(name) {
      swept.push(name);
      waiting.shift()?.();
    },
  });
  const nextSweep = () => new Promise<void>((resolve) => waiting.push(resolve));
  const nowSeconds = () => clock.now() / 1000;
  const put = (sk: string, expires: object, rest: Json = {}) =>
    demand(engine, `${DYNAMODB}PutItem`, {
      TableName: 'Sessions',
      Item: { pk: { S: 'a' }, sk: { S: sk }, expires, ...rest },
    });
  const kept = async () => {
    const { Items } = await demand(engine, `${DYNAMODB}Scan`, { TableName: 'Sessions' });
    return (Items as { sk: { S: string } }[]).map(({ sk }) => sk.S).toSorted();
  };
  const removals = async () => {
    const stream = openStream(engine, sessions, REGION);
    const [shard] = await stream.shards();
    const { records } = await stream.read(String(shard?.shardId), 'TRIM_HORIZON', 1000);
    return records.filter(({ eventName }) => eventName === 'REMOVE');
  };
  return { engine, clock, ttl, swept, nextSweep, nowSeconds, put, kept, removals };
}

/** Puts an item from a process of its own, and returns when that has ended. */
function putNow(url: string, sk: string, expires: number): void {
  const client = new URL('../../../emulator/dynamodb/client.ts', import.meta.url).href;
  const item = { pk: { S: 'a' }, sk: { S: sk }, expires: { N: String(expires) } };
  const input = JSON.stringify({ TableName: 'Sessions', Item: item });
  const script = `
    const { createEndpoint, demand } = await import(${JSON.stringify(client)});
    await demand(createEndpoint('${url}'), '${DYNAMODB}PutItem', ${input});
    process.exit(0);`;
  execFileSync(process.execPath, ['--input-type=module', '--eval', script]);
}

describe('a sweep', () => {
  test('[DOC q4] removes what has expired and leaves what has not', async () => {
    const { ttl, nowSeconds, put, kept, swept } = await open();
    await put('expired', { N: String(nowSeconds() - 1) });
    await put('expires now', { N: String(nowSeconds()) });
    await put('later', { N: String(nowSeconds() + 1) });
    await put('text', { S: String(nowSeconds() - 1) });
    await put('none', { NULL: true });
    await put('in milliseconds', { N: String(nowSeconds() * 1000) });
    await put('almost five years', { N: String(nowSeconds() - (5 * 365 - 1) * DAY_SECONDS) });
    await put('over five years', { N: String(nowSeconds() - (5 * 365 + 2) * DAY_SECONDS) });
    expect(await ttl.sweep()).toBe(3);
    expect(swept).toEqual(['Sessions']);
    const left = ['in milliseconds', 'later', 'none', 'over five years', 'text'];
    expect(await kept()).toEqual(left);
    expect(await ttl.sweep()).toBe(0);
    expect(swept).toEqual(['Sessions']);
  });

  test('[DOC f2] shows DynamoDB as the user of its removals, and of no others', async () => {
    const { engine, ttl, nowSeconds, put, removals } = await open();
    const remove = (sk: string) =>
      demand(engine, `${DYNAMODB}DeleteItem`, {
        TableName: 'Sessions',
        Key: { pk: { S: 'a' }, sk: { S: sk } },
      });
    const expired = { N: String(nowSeconds() - 1) };
    await put('removed by hand before', expired);
    await remove('removed by hand before');
    await put('expired', expired, { name: { S: 'Ann' } });
    await ttl.sweep();
    await put('removed by hand after', expired);
    await remove('removed by hand after');
    const found = await removals();
    expect(found.map(({ dynamodb, userIdentity }) => [dynamodb.Keys['sk'], userIdentity])).toEqual([
      [{ S: 'removed by hand before' }, undefined],
      [{ S: 'expired' }, { type: 'Service', principalId: 'dynamodb.amazonaws.com' }],
      [{ S: 'removed by hand after' }, undefined],
    ]);
    expect(found[1]?.dynamodb.OldImage).toMatchObject({ name: { S: 'Ann' } });
  });

  test('spares an item whose expiry was put off after it was found', async () => {
    const { engine, clock, nowSeconds, put, kept } = await open();
    for (const sk of ['1', '2']) await put(sk, { N: String(nowSeconds() - 1) });
    // The mark is set between finding and removing; another process puts the expiry off meanwhile.
    const racing: Engine = {
      ...engine,
      markRemovals() {
        putNow(engine.url, '2', nowSeconds() + 60);
        return () => {};
      },
    };
    const ttl = startTtlSweep({ engine: racing, tables: [sessions], clock, onWrite() {} });
    expect(await ttl.sweep()).toBe(1);
    expect(await kept()).toEqual(['2']);
  });

  test('removes hundreds', async () => {
    const { ttl, nowSeconds, put, kept, removals } = await open();
    for (let index = 0; index < 250; index += 1) {
      await put(String(index), { N: String(nowSeconds() - 1) });
    }
    expect(await ttl.sweep()).toBe(250);
    expect(await kept()).toEqual([]);
    const found = await removals();
    expect(found).toHaveLength(250);
    expect(found.every(({ userIdentity }) => userIdentity?.type === 'Service')).toBe(true);
  });
});

test('sweeps by itself every minute of the clock until it is closed', async () => {
  const { ttl, clock, nowSeconds, put, kept, nextSweep } = await open();
  const expired = { N: String(nowSeconds() - 1) };
  for (const sk of ['1', '2']) {
    await put(sk, expired);
    const swept = nextSweep();
    clock.advance(59_999);
    expect(await kept()).toEqual([sk]);
    clock.advance(1);
    await swept;
    expect(await kept()).toEqual([]);
  }
  ttl.close();
  await put('3', expired);
  clock.advance(600_000);
  expect(await kept()).toEqual(['3']);
});
