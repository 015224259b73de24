import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Entry } from '../../../lambdas/core/entry.ts';
import { findEntries, findEntry, type Sought } from '../../../lambdas/core/find-entry.ts';
import { entryAt, entrySaying, erase, memoryLog } from './memory-log.ts';

const logOf = (length: number, fields: (seq: number) => Partial<Entry> = () => ({})) =>
  memoryLog(Array.from({ length }, (_, index) => entryAt(index + 1, fields(index + 1))));

const sought = (seq: number, fields: Partial<Sought> = {}): Sought => ({
  room: 'r',
  user: 'ann',
  uuid: `u${seq}`,
  acceptedAt: seq * 1_000,
  ...fields,
});

describe('[M6] the entry of a repeated uuid', () => {
  test('is found with one read among the newest 50', async () => {
    const log = logOf(3_000);
    expect(await findEntry(log, sought(2_951))).toEqual({ entry: entryAt(2_951), head: 3_000 });
    expect(log.reads).toEqual({ count: 1, entries: 50 });
  });

  test.each([1, 2, 50, 51, 1_499, 2_949, 2_950])(
    'is found at %d of 3,000 by halving: 14 reads at most',
    async (seq) => {
      const log = logOf(3_000);
      expect(await findEntry(log, sought(seq))).toEqual({ entry: entryAt(seq), head: 3_000 });
      expect(log.reads.count).toBeLessThanOrEqual(14);
      expect(log.reads.entries).toBeLessThanOrEqual(112);
    },
  );

  test('is found wherever it is in a log of any length', async () => {
    const places = fc
      .integer({ min: 1, max: 3_000 })
      .chain((length) => fc.tuple(fc.constant(length), fc.integer({ min: 1, max: length })));
    await fc.assert(
      fc.asyncProperty(places, async ([length, seq]) => {
        const log = logOf(length);
        expect(await findEntry(log, sought(seq))).toEqual({ entry: entryAt(seq), head: length });
        expect(log.reads.count).toBeLessThanOrEqual(14);
      }),
      { numRuns: 60 },
    );
  });

  test('is found when its clock ran behind those before it', async () => {
    // Accepted at 100 s by its own clock, and numbered 400 later, at a time not before theirs.
    const log = logOf(1_000, (seq) => (seq >= 100 && seq <= 500 ? { timestamp: 500_000 } : {}));
    const behind = sought(500, { acceptedAt: 100_000 });
    expect(await findEntry(log, behind)).toMatchObject({ entry: { seq: 500 } });
    expect(log.reads.count).toBeLessThanOrEqual(22);
  });

  test('is found among hundreds of one millisecond', async () => {
    const log = logOf(1_000, () => ({ timestamp: 7_000 }));
    expect(await findEntry(log, sought(420, { acceptedAt: 7_000 }))).toMatchObject({
      entry: { seq: 420 },
    });
  });

  test('is the sender’s own, not that of another with the same uuid', async () => {
    const log = logOf(10, (seq) => ({ uuid: 'u', user: seq === 4 ? 'bob' : `user${seq}` }));
    const found = await findEntry(log, sought(4, { user: 'bob', uuid: 'u' }));
    expect(found?.entry.seq).toBe(4);
  });

  test('is found among entries of other kinds, and when what it said was erased', async () => {
    const erased = erase(entrySaying(3, { kind: 'edit', target: 1, text: 'x' }));
    const log = memoryLog([
      entryAt(1),
      entrySaying(2, { kind: 'reaction', target: 1, emoji: '👍' }),
      erased,
      entrySaying(4, { kind: 'delete', target: 1 }),
    ]);
    for (const seq of [1, 2, 3, 4]) {
      expect(await findEntry(log, sought(seq))).toMatchObject({ entry: { seq }, head: 4 });
    }
  });
});

describe('an entry that is not there', () => {
  test('is not found in an empty log', async () => {
    const log = logOf(0);
    expect(await findEntry(log, sought(1))).toBeUndefined();
    expect(log.reads).toEqual({ count: 1, entries: 0 });
  });

  test('is not sought any further when it was accepted after the oldest of the newest 50', async () => {
    const log = logOf(3_000);
    expect(await findEntry(log, sought(3_001))).toBeUndefined();
    expect(log.reads.count).toBe(1);
  });

  test('is not found in a log that is younger than it', async () => {
    expect(await findEntry(logOf(30), sought(0))).toBeUndefined();
    expect(await findEntry(logOf(300), sought(0))).toBeUndefined();
  });

  test('is given up after ten looks', async () => {
    const log = logOf(3_000);
    expect(await findEntry(log, sought(0))).toBeUndefined();
    // The newest, twelve halvings of 2,951, and ten looks.
    expect(log.reads.count).toBeLessThanOrEqual(1 + 12 + 10);
  });

  test('is not looked for among those that the first read has shown', async () => {
    const log = logOf(60);
    expect(await findEntry(log, sought(5, { user: 'bob' }))).toBeUndefined();
    expect(log.reads.entries).toBeLessThanOrEqual(50 + 4 + 50);
  });
});

describe('[L2] the entries of rows that are sent through again', () => {
  test('are found however far behind their acceptance they are', async () => {
    // Number 2,900 was accepted when number 10 was, and got its number hours later.
    const log = logOf(3_000, (seq) => (seq === 2_900 ? { uuid: 'late' } : {}));
    const late = sought(10, { uuid: 'late' });
    const never = sought(20, { uuid: 'never' });
    expect(await findEntries(log, 'r', [late, sought(15), never])).toEqual([
      entryAt(15),
      entryAt(2_900, { uuid: 'late' }),
    ]);
  });

  test('are none in a log that is empty, and nothing is read when none is sought', async () => {
    const log = logOf(10);
    expect(await findEntries(log, 'r', [])).toEqual([]);
    expect(log.reads.count).toBe(0);
    expect(await findEntries(memoryLog(), 'r', [sought(1)])).toEqual([]);
  });
});
