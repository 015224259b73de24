import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Entry } from '../../../lambdas/core/log.ts';
import { type Arrival, sequence } from '../../../lambdas/core/sequence.ts';
import { entryAt } from './memory-log.ts';

/** A record's place in the stream; longer than a number can say, as DynamoDB's are. */
const place = (index: number) => String(99_999_999_999_999_999_990n + BigInt(index));

const arrival = (index: number, fields: Partial<Arrival> = {}): Arrival => ({
  room: 'r',
  user: 'ann',
  uuid: `u${index}`,
  text: `text ${index}`,
  acceptedAt: 1_000 + index,
  position: place(index),
  ...fields,
});

describe('the numbers of arrivals', () => {
  test('[L1] begin with 1 in a room where nothing was ever said', () => {
    const { fresh, known, head } = sequence([], [arrival(1), arrival(2)], 5_000);
    expect(fresh.map(({ seq, n }) => [seq, n])).toEqual([
      [1, 1],
      [2, 2],
    ]);
    expect({ known, head }).toEqual({ known: [], head: 2 });
  });

  test('[L1] follow the newest of the log, seq and n each in its own count', () => {
    const tail = [entryAt(7, { n: 4, position: place(0) })];
    const { fresh, head } = sequence(tail, [arrival(1)], 5_000);
    expect(fresh[0]).toMatchObject({ seq: 8, n: 5 });
    expect(head).toBe(8);
  });

  test('carry what was accepted, when it was numbered, and its place in the stream', () => {
    const { fresh } = sequence([], [arrival(1)], 5_000);
    expect(fresh).toEqual([
      {
        room: 'r',
        user: 'ann',
        uuid: 'u1',
        text: 'text 1',
        seq: 1,
        n: 1,
        timestamp: 1_001,
        sequencedAt: 5_000,
        position: place(1),
      },
    ]);
  });

  test('[M6] are two for one uuid of two senders', () => {
    const arrivals = [arrival(1, { uuid: 'u' }), arrival(2, { uuid: 'u', user: 'bob' })];
    expect(sequence([], arrivals, 0).fresh.map(({ user }) => user)).toEqual(['ann', 'bob']);
  });

  test('[M6] are one for one uuid of one sender, twice in a batch', () => {
    const arrivals = [arrival(1, { uuid: 'u' }), arrival(2, { uuid: 'u' })];
    const { fresh, known, head } = sequence([], arrivals, 0);
    expect(fresh).toHaveLength(1);
    expect({ known, head }).toEqual({ known: [], head: 1 });
  });

  test('[L2] stay as the log has them when arrivals come again', () => {
    const first = sequence([], [arrival(1), arrival(2)], 5_000).fresh;
    const again = sequence(first.toReversed(), [arrival(1), arrival(2)], 9_000);
    expect(again).toEqual({ fresh: [], known: first, head: 2 });
  });

  test('[L2] are not given again to a place before the newest, though the tail no longer shows it', () => {
    const tail = [entryAt(900, { position: place(900) })];
    expect(sequence(tail, [arrival(3)], 0)).toEqual({ fresh: [], known: [], head: 900 });
  });

  test('[L2] are not given again to what a redrive put at a new place', () => {
    const tail = [entryAt(2, { uuid: 'u2', position: place(2) })];
    const { fresh, known } = sequence(tail, [arrival(50, { uuid: 'u2' })], 0);
    expect(fresh).toEqual([]);
    expect(known).toEqual(tail);
  });

  test('take a place of more digits for a later one', () => {
    const tail = [entryAt(1, { position: '99999999999999999999' })];
    const later = arrival(9, { position: '100000000000000000000' });
    expect(sequence(tail, [later], 0).fresh).toHaveLength(1);
    const earlier = arrival(9, { position: '9' });
    expect(sequence(tail, [earlier], 0).fresh).toHaveLength(0);
  });

  test('[M7] keep a time that never runs backwards, and none before its acceptance', () => {
    const tail = [entryAt(1, { uuid: 'before', timestamp: 5_000, position: place(0) })];
    const arrivals = [
      arrival(1, { acceptedAt: 4_000 }),
      arrival(2, { acceptedAt: 6_000 }),
      arrival(3, { acceptedAt: 5_500 }),
    ];
    const { fresh } = sequence(tail, arrivals, 0);
    expect(fresh.map(({ timestamp }) => timestamp)).toEqual([5_000, 6_000, 6_000]);
  });

  test('are none for no arrivals', () => {
    expect(sequence([], [], 0)).toEqual({ fresh: [], known: [], head: 0 });
  });
});

/** A stream of one room: two senders whose uuids may meet, and clocks that disagree. */
const streams = fc
  .array(
    fc.record({
      user: fc.constantFrom('ann', 'bob'),
      uuid: fc.nat(40),
      acceptedAt: fc.nat(10_000),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map((said) => {
    // The Inbox has one row, and so the stream one record, for each sender's uuid.
    const rows = new Map(said.map((row) => [`${row.user}#${row.uuid}`, row]));
    return [...rows.values()].map(({ user, uuid, acceptedAt }, index) =>
      arrival(index, { user, uuid: `u${uuid}`, acceptedAt }),
    );
  });

/** How Lambda brings a stream: each batch begins at or before where the last one ended. */
const deliveries = fc.array(
  fc.record({ size: fc.integer({ min: 1, max: 20 }), back: fc.nat(70) }),
  {
    maxLength: 30,
  },
);

interface Batch {
  readonly size: number;
  /** How far before the end of the last one it begins. */
  readonly back: number;
}

/** The log after these batches, and after the rest of the stream. */
function consume(stream: readonly Arrival[], batches: readonly Batch[]): readonly Entry[] {
  const log: Entry[] = [];
  let read = 0;
  const rest = { size: stream.length, back: 0 };
  for (const { size, back } of [...batches, rest]) {
    const from = Math.max(0, read - back);
    const batch = stream.slice(from, from + size);
    if (batch.length === 0) continue;
    const tail = log.toReversed().slice(0, batch.length);
    const { fresh, known, head } = sequence(tail, batch, 0);
    log.push(...fresh);
    expect(head).toBe(log.length);
    for (const entry of known) expect(log).toContain(entry);
    read = Math.max(read, from + batch.length);
  }
  return log;
}

describe('any stream', () => {
  test('[L1] gets numbers without gaps, in its order, and times that never run backwards', () => {
    fc.assert(
      fc.property(streams, deliveries, (stream, batches) => {
        const log = consume(stream, batches);
        expect(log.map(({ seq }) => seq)).toEqual(stream.map((_, index) => index + 1));
        expect(log.map(({ n }) => n)).toEqual(log.map(({ seq }) => seq));
        expect(log.map(({ position }) => position)).toEqual(stream.map((one) => one.position));
        for (const [index, entry] of log.entries()) {
          expect(entry.timestamp).toBeGreaterThanOrEqual(log[index - 1]?.timestamp ?? 0);
          expect(entry.timestamp).toBeGreaterThanOrEqual(stream[index]?.acceptedAt ?? Infinity);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('[L2] gives the same log however it is split into batches and brought again', () => {
    fc.assert(
      fc.property(streams, deliveries, (stream, batches) => {
        expect(consume(stream, batches)).toEqual(consume(stream, []));
      }),
      { numRuns: 300 },
    );
  });

  test('[L2] changes nothing when all of it comes again from its start, in any batches', () => {
    fc.assert(
      fc.property(streams, fc.integer({ min: 1, max: 20 }), (stream, size) => {
        const log = consume(stream, []);
        for (let from = 0; from < stream.length; from += size) {
          const batch = stream.slice(from, from + size);
          const tail = log.toReversed().slice(0, batch.length);
          expect(sequence(tail, batch, 9)).toMatchObject({ fresh: [], head: log.length });
        }
      }),
    );
  });
});
