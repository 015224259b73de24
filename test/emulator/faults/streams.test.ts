import { describe, expect, test } from 'vitest';

import { manualClock } from '../../../emulator/clock.ts';
import type { FaultPlan } from '../../../emulator/faults/plan.ts';
import { type SmallCloud, startSmallCloud } from './small-cloud.ts';

/** What a stream's function gets when the way there goes wrong; real streams and functions. */
const FIVE = ['a=1', 'b=1', 'a=2', 'b=2', 'c=1'];

/**
 * Writes five versions of three items, which arrive as one batch, because the batch before them, of
 * one record, stands still meanwhile.
 */
async function inOneBatch({ seed, rules = [] }: FaultPlan): Promise<SmallCloud> {
  const clock = manualClock();
  const gather = { fault: 'stream-stall', ms: 1_000, when: { nth: 1 } } as const;
  const cloud = await startSmallCloud({ clock, faults: { seed, rules: [gather, ...rules] } });
  const [mapping] = cloud.mappings.values();
  await cloud.put('first', '0');
  while (cloud.faults.fired().length === 0) await turn();
  for (const version of FIVE) {
    const [sk = '', text = ''] = version.split('=');
    await cloud.put(sk, text);
  }
  while (mapping?.lag().records !== 1 + FIVE.length) await turn();
  clock.advance(1_000);
  await cloud.settled();
  return cloud;
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

const plan = (...rules: NonNullable<FaultPlan['rules']>): FaultPlan => ({ seed: 3, rules });

test('[DOC f29] a batch comes twice in a row', async () => {
  const cloud = await inOneBatch(plan({ fault: 'batch-duplicated', when: { nth: 2 } }));
  expect(cloud.batches()).toEqual([['first=0'], FIVE, FIVE]);
  const [resource] = cloud.mappings.keys();
  expect(cloud.faults.fired()).toMatchObject([
    { fault: 'stream-stall' },
    { fault: 'batch-duplicated', resource, occurrence: 2 },
  ]);
});

test('earlier records come again before a batch', async () => {
  const cloud = await startSmallCloud({
    faults: plan({ fault: 'batch-redelivered', records: 2, where: { resource: 'small-follow' } }),
  });
  for (const name of ['a', 'b', 'c']) {
    await cloud.put(name, '1');
    await cloud.settled();
  }
  expect(cloud.batches()).toEqual([['a=1'], ['a=1'], ['b=1'], ['a=1', 'b=1'], ['c=1']]);
  // The first batch had nothing before it, and does not count.
  expect(cloud.faults.fired().map(({ occurrence }) => occurrence)).toEqual([1, 2]);
});

test('after a replay only what lies before a batch comes again before it', async () => {
  const cloud = await startSmallCloud({
    faults: plan({ fault: 'batch-redelivered', records: 1 }),
  });
  await cloud.put('a', '1');
  await cloud.settled();
  await cloud.put('a', '2');
  await cloud.settled();
  const before = cloud.batches().length;
  for (const mapping of cloud.mappings.values()) mapping.replay('TRIM_HORIZON');
  await cloud.settled();
  // The replay reads both at once, so nothing lies before them.
  expect(cloud.batches().slice(before)).toEqual([['a=1', 'a=2']]);
});

test('[DOC f30] the order is lost across items and never within one', async () => {
  const orders = await Promise.all(
    [1, 2, 3, 1].map(async (seed) => {
      const cloud = await inOneBatch({ seed, rules: [{ fault: 'batch-reordered' }] });
      const [, batch = []] = cloud.batches();
      expect(batch.toSorted()).toEqual(FIVE.toSorted());
      for (const item of ['a', 'b']) {
        expect(batch.filter((record) => record.startsWith(item))).toEqual([
          `${item}=1`,
          `${item}=2`,
        ]);
      }
      return batch.join();
    }),
  );
  expect(orders.some((order) => order !== FIVE.join())).toBe(true);
  expect(orders[3]).toBe(orders[0]);
});

test('a stream begins anew at TRIM_HORIZON, before a batch or at a moment', async () => {
  const clock = manualClock();
  const cloud = await startSmallCloud({
    clock,
    faults: plan(
      { fault: 'stream-replay', when: { nth: 2 } },
      { fault: 'stream-replay', when: { atMs: 60_000 }, where: { resource: 'Small/Items' } },
    ),
  });
  await cloud.put('a', '1');
  await cloud.settled();
  await cloud.put('b', '1');
  await cloud.settled();
  const once = cloud.batches().flat();
  expect(once).toEqual(['a=1', 'a=1', 'b=1']);
  clock.advance(60_000);
  await cloud.settled();
  expect(cloud.batches().flat()).toEqual([...once, 'a=1', 'b=1']);
  expect(cloud.faults.idle()).toEqual([]);
});

describe('a stall', () => {
  test('lets records grow old, and then they come in order', async () => {
    const clock = manualClock();
    const cloud = await startSmallCloud({
      clock,
      faults: plan({ fault: 'stream-stall', ms: 3_600_000, when: { nth: 1 } }),
    });
    const [mapping] = cloud.mappings.values();
    await cloud.put('a', '1');
    while (cloud.faults.fired().length === 0) await turn();
    await cloud.put('a', '2');
    clock.advance(3_599_000);
    expect(mapping?.lag().records).toBeGreaterThan(0);
    expect(mapping?.lag().ageMs).toBeGreaterThan(3_000_000);
    expect(cloud.batches()).toEqual([]);
    clock.advance(1_000);
    await cloud.settled();
    expect(cloud.batches().flat()).toEqual(['a=1', 'a=2']);
  });
});
