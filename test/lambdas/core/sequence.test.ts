import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Entry } from '../../../lambdas/core/entry.ts';
import { CHAIN_START, hashContent, linkChain } from '../../../lambdas/core/seal.ts';
import { type Arrival, isUnclear, sequence } from '../../../lambdas/core/sequence.ts';
import { entryAt } from './memory-log.ts';

/** A record's place in the stream; longer than a number can say, as DynamoDB's are. */
const place = (index: number) => String(99_999_999_999_999_999_990n + BigInt(index));

const arrival = (index: number, fields: Partial<Arrival> = {}): Arrival => ({
  room: 'r',
  user: 'ann',
  uuid: `u${index}`,
  action: 'new_message',
  content: { kind: 'message', text: `text ${index}` },
  nonce: `nonce ${index}`,
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

  test('[L2] follow the places in the stream, in whichever order a batch brings them', () => {
    const { fresh } = sequence([], [arrival(3), arrival(1), arrival(2)], 5_000);
    expect(fresh.map(({ uuid }) => uuid)).toEqual(['u1', 'u2', 'u3']);
    // The newest entry has the last place, so that none of them is taken for new when it comes again.
    const again = sequence(fresh.slice(-1), [arrival(2)], 5_000);
    expect(again.fresh).toEqual([]);
  });

  test('carry what was accepted, when it was numbered, and its place in the stream', () => {
    const { fresh } = sequence([], [arrival(1)], 5_000);
    expect(fresh).toEqual([
      {
        room: 'r',
        user: 'ann',
        uuid: 'u1',
        action: 'new_message',
        kind: 'message',
        said: { content: { kind: 'message', text: 'text 1' }, nonce: 'nonce 1' },
        seq: 1,
        n: 1,
        timestamp: 1_001,
        sequencedAt: 5_000,
        position: place(1),
        hash: expect.any(String) as string,
        chain: expect.any(String) as string,
      },
    ]);
  });

  test('count messages alone in n: another entry has that of the message before it', () => {
    const reaction = { kind: 'reaction', target: 1, emoji: '👍' } as const;
    const arrivals = [
      arrival(1, { content: reaction }),
      arrival(2),
      arrival(3, { content: reaction }),
    ];
    expect(sequence([], arrivals, 0).fresh.map(({ seq, n, kind }) => [seq, n, kind])).toEqual([
      [1, 0, 'reaction'],
      [2, 1, 'message'],
      [3, 1, 'reaction'],
    ]);
  });

  test('[L4] are sealed: each with the hash of what it says, and a chain from the one before', () => {
    const { fresh } = sequence([], [arrival(1), arrival(2)], 0);
    let chain = CHAIN_START;
    for (const [index, entry] of fresh.entries()) {
      const { content, nonce } = arrival(index + 1);
      expect(entry.hash).toBe(hashContent(content, nonce));
      chain = linkChain(chain, entry);
      expect(entry.chain).toBe(chain);
    }
  });

  test('[L4] go on with the chain of the log', () => {
    const tail = [entryAt(7, { position: place(0) }), entryAt(6)];
    const [entry] = sequence(tail, [arrival(1)], 0).fresh;
    expect(entry?.chain).toBe(entry && linkChain('chain 7', entry));
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
    expect(fresh[0]?.position).toBe(place(1));
  });

  test('[L2] stay as the log has them when arrivals come again', () => {
    const first = sequence([], [arrival(1), arrival(2)], 5_000).fresh;
    const again = sequence(first.toReversed(), [arrival(1), arrival(2)], 9_000);
    expect(again).toEqual({ fresh: [], known: first, late: [], head: 2 });
  });

  test('[L2] are not given again to a place before the newest, though the tail no longer shows it', () => {
    const tail = [entryAt(900, { position: place(900) })];
    expect(sequence(tail, [arrival(3)], 0)).toEqual({
      fresh: [],
      known: [],
      late: [],
      head: 900,
    });
  });

  test('[L2] are given to what comes from an earlier place, when the tail would show it', () => {
    const tail = [5, 4, 3].map((seq) => entryAt(seq, { position: place(900 + seq) }));
    const after = arrival(1, { acceptedAt: 3_001 });
    const before = arrival(1, { acceptedAt: 3_000 });
    expect(sequence(tail, [after], 0).fresh).toMatchObject([{ seq: 6, uuid: 'u1' }]);
    expect(sequence(tail, [before], 0).fresh).toEqual([]);
    expect([after, before].map((one) => isUnclear(tail, [one]))).toEqual([false, true]);
  });

  test('[L2] are given to whatever a tail that is the whole log does not show', () => {
    const tail = [2, 1].map((seq) => entryAt(seq, { position: place(900 + seq) }));
    const old = arrival(1, { uuid: 'old', acceptedAt: 1 });
    expect(sequence(tail, [old], 0).fresh).toMatchObject([{ seq: 3, uuid: 'old' }]);
    expect(isUnclear(tail, [old])).toBe(false);
  });

  test('[L2] need no longer tail for what it shows, what comes later, and what is meant for a head', () => {
    const tail = [entryAt(900, { position: place(900) })];
    const shown = arrival(1, { uuid: 'u900' });
    expect(isUnclear(tail, [shown, arrival(901), arrival(2, { ifHead: 5 })])).toBe(false);
    expect(isUnclear(tail, [shown, arrival(2)])).toBe(true);
    expect(isUnclear([], [arrival(1)])).toBe(false);
  });

  test('[L2] are not given by what lies behind a hole in the tail', () => {
    const tail = [entryAt(900, { position: place(900) }), entryAt(1, { position: place(1) })];
    const { fresh } = sequence(tail, [arrival(5, { acceptedAt: 5_000 })], 0);
    expect(fresh).toEqual([]);
  });

  test('[L2] are not given again to what a redrive put at a new place', () => {
    const tail = [entryAt(2, { uuid: 'u2', position: place(2) })];
    const { fresh, known } = sequence(tail, [arrival(50, { uuid: 'u2' })], 0);
    expect(fresh).toEqual([]);
    expect(known).toEqual(tail);
  });

  test('[L3] are given to what was accepted after the newest, though it comes from another stream', () => {
    const tail = [entryAt(900, { timestamp: 1_000, position: place(900) })];
    expect(sequence(tail, [arrival(3)], 0).fresh).toMatchObject([{ seq: 901, uuid: 'u3' }]);
    expect(sequence(tail, [arrival(3, { acceptedAt: 1_000 })], 0).fresh).toEqual([]);
    expect(sequence(tail, [arrival(3, { ifHead: 900 })], 0)).toMatchObject({ fresh: [], late: [] });
  });

  test('[L2] are not given again to what is found in the log behind its tail', () => {
    const tail = [entryAt(900, { position: place(900) })];
    const sent = arrival(950, { uuid: 'u4', redriven: true });
    const { fresh, known } = sequence([...tail, entryAt(4)], [sent], 0);
    expect({ fresh, known }).toEqual({ fresh: [], known: [entryAt(4)] });
  });

  test('[L3] are given to what was sent through again and is nowhere in the log, from wherever it comes', () => {
    const tail = [entryAt(900, { timestamp: 1_000, position: place(900) })];
    const sent = arrival(3, { acceptedAt: 10, redriven: true });
    expect(isUnclear(tail, [sent])).toBe(false);
    expect(sequence(tail, [sent], 0).fresh).toMatchObject([{ seq: 901, uuid: 'u3' }]);
    expect(sequence(tail, [{ ...sent, ifHead: 900 }], 0)).toMatchObject({ fresh: [], late: [] });
  });

  test('take a place of more digits for a later one', () => {
    const tail = [entryAt(7, { position: '99999999999999999999' })];
    const later = arrival(9, { acceptedAt: 500, position: '100000000000000000000' });
    expect(sequence(tail, [later], 0).fresh).toHaveLength(1);
    const earlier = arrival(9, { acceptedAt: 500, position: '9' });
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
    expect(sequence([], [], 0)).toEqual({ fresh: [], known: [], late: [], head: 0 });
  });
});

describe('[M11] an arrival that was meant for a head', () => {
  const tail = [entryAt(7, { uuid: 'before', position: place(0) })];

  test('gets its number right behind it', () => {
    const { fresh, late } = sequence(tail, [arrival(1, { ifHead: 7 })], 0);
    expect(fresh).toMatchObject([{ seq: 8, uuid: 'u1' }]);
    expect(late).toEqual([]);
    expect(fresh[0]).not.toHaveProperty('ifHead');
  });

  test('gets none behind another one, and is named with the head there was', () => {
    const one = arrival(1, { ifHead: 6 });
    const two = arrival(2, { ifHead: 9 });
    expect(sequence(tail, [one, two], 0)).toEqual({
      fresh: [],
      known: [],
      late: [
        { arrival: one, head: 7 },
        { arrival: two, head: 7 },
      ],
      head: 7,
    });
  });

  test('is one of two: the first of the stream', () => {
    const [first, second] = [arrival(1, { ifHead: 7 }), arrival(2, { ifHead: 7 })];
    const { fresh, late, head } = sequence(tail, [first, second], 0);
    expect(fresh).toMatchObject([{ uuid: 'u1' }]);
    expect(late).toEqual([{ arrival: second, head: 8 }]);
    expect(head).toBe(8);
  });

  test('can be meant for the start of a room', () => {
    expect(sequence([], [arrival(1, { ifHead: 0 })], 0).fresh).toMatchObject([{ seq: 1 }]);
    expect(sequence(tail, [arrival(1, { ifHead: 0 })], 0).late).toMatchObject([{ head: 7 }]);
  });

  test('leaves no hole in the numbers of those around it', () => {
    const arrivals = [arrival(1), arrival(2, { ifHead: 7 }), arrival(3), arrival(4, { ifHead: 9 })];
    const { fresh, late } = sequence(tail, arrivals, 0);
    expect(fresh.map(({ seq, uuid }) => [seq, uuid])).toEqual([
      [8, 'u1'],
      [9, 'u3'],
      [10, 'u4'],
    ]);
    expect(late).toMatchObject([{ arrival: { uuid: 'u2' }, head: 8 }]);
  });

  test('[L2] keeps the number it has when it comes again, though the head has moved', () => {
    const meant = arrival(1, { ifHead: 7 });
    const { fresh } = sequence(tail, [meant, arrival(2)], 0);
    const again = sequence([...fresh.toReversed(), ...tail], [meant, arrival(2)], 0);
    expect(again).toEqual({ fresh: [], known: fresh, late: [], head: 9 });
  });
});

/** A stream of one room: two senders whose uuids may meet, clocks that disagree, some heads meant. */
const streams = fc
  .array(
    fc.record(
      {
        user: fc.constantFrom('ann', 'bob'),
        uuid: fc.nat(40),
        acceptedAt: fc.nat(10_000),
        content: fc.constantFrom<Arrival['content']>(
          { kind: 'message', text: 'hi' },
          { kind: 'reaction', target: 1, emoji: '👍' },
        ),
        // How far from its own place in the stream the head is that it means.
        ifHead: fc.integer({ min: -4, max: 1 }),
      },
      { requiredKeys: ['user', 'uuid', 'acceptedAt', 'content'] },
    ),
    { minLength: 1, maxLength: 60 },
  )
  .map((said) => {
    // The Inbox has one row, and so the stream one record, for each sender's uuid.
    const rows = new Map(said.map((row) => [`${row.user}#${row.uuid}`, row]));
    return [...rows.values()].map(({ uuid, ifHead, ...row }, index) =>
      arrival(index, {
        ...row,
        uuid: `u${uuid}`,
        ...(ifHead === undefined ? {} : { ifHead: Math.max(0, index + ifHead) }),
      }),
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

interface Consumed {
  readonly log: readonly Entry[];
  /** By its place: the head that an arrival which got no number was told. */
  readonly late: ReadonlyMap<string, number>;
}

/** The log after these batches, and after the rest of the stream. */
function consume(stream: readonly Arrival[], batches: readonly Batch[]): Consumed {
  const log: Entry[] = [];
  const late = new Map<string, number>();
  let read = 0;
  const rest = { size: stream.length, back: 0 };
  for (const { size, back } of [...batches, rest]) {
    const from = Math.max(0, read - back);
    const batch = stream.slice(from, from + size);
    if (batch.length === 0) continue;
    const tail = log.toReversed().slice(0, batch.length);
    const sequenced = sequence(tail, batch, 0);
    log.push(...sequenced.fresh);
    expect(sequenced.head).toBe(log.length);
    for (const entry of sequenced.known) expect(log).toContain(entry);
    for (const { arrival: one, head } of sequenced.late) {
      // Whoever is told twice is told the same.
      expect(late.get(one.position) ?? head).toBe(head);
      late.set(one.position, head);
    }
    read = Math.max(read, from + batch.length);
  }
  return { log, late };
}

describe('any stream', () => {
  test('[L1] gets numbers without gaps, in its order, and times that never run backwards', () => {
    fc.assert(
      fc.property(streams, deliveries, (stream, batches) => {
        const { log, late } = consume(stream, batches);
        const numbered = stream.filter(({ position }) => !late.has(position));
        expect(log.map(({ seq }) => seq)).toEqual(numbered.map((_, index) => index + 1));
        expect(log.map(({ position }) => position)).toEqual(numbered.map((one) => one.position));
        let messages = 0;
        for (const [index, entry] of log.entries()) {
          if (entry.kind === 'message') messages += 1;
          expect(entry.n).toBe(messages);
          expect(entry.timestamp).toBeGreaterThanOrEqual(log[index - 1]?.timestamp ?? 0);
          expect(entry.timestamp).toBeGreaterThanOrEqual(numbered[index]?.acceptedAt ?? Infinity);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('[M11] numbers who meant a head right behind it, and nobody who meant another', () => {
    fc.assert(
      fc.property(streams, deliveries, (stream, batches) => {
        const { log, late } = consume(stream, batches);
        const seqOf = new Map(log.map(({ position, seq }) => [position, seq]));
        for (const { ifHead, position } of stream) {
          if (ifHead === undefined) expect(late.has(position)).toBe(false);
          else if (late.has(position)) expect(late.get(position)).not.toBe(ifHead);
          else expect(seqOf.get(position)).toBe(ifHead + 1);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('[L2] [L4] gives the same log and chain however it is split into batches and brought again', () => {
    fc.assert(
      fc.property(streams, deliveries, (stream, batches) => {
        expect(consume(stream, batches)).toEqual(consume(stream, []));
      }),
      { numRuns: 300 },
    );
  });

  test('[L4] can be proven by its chain from the first entry to the last', () => {
    fc.assert(
      fc.property(streams, deliveries, (stream, batches) => {
        let chain = CHAIN_START;
        for (const entry of consume(stream, batches).log) {
          chain = linkChain(chain, entry);
          expect(entry.chain).toBe(chain);
        }
      }),
    );
  });

  test('[L2] changes nothing when all of it comes again from its start, in any batches', () => {
    fc.assert(
      fc.property(streams, fc.integer({ min: 1, max: 20 }), (stream, size) => {
        const { log } = consume(stream, []);
        for (let from = 0; from < stream.length; from += size) {
          const batch = stream.slice(from, from + size);
          const tail = log.toReversed().slice(0, batch.length);
          expect(sequence(tail, batch, 9)).toMatchObject({ fresh: [], head: log.length });
        }
      }),
    );
  });

  test('holds both who is late and who is not, or the properties above would say little', () => {
    const seen = { late: 0, behindHead: 0 };
    for (const stream of fc.sample(streams, 100)) {
      const { late } = consume(stream, []);
      seen.late += late.size;
      seen.behindHead += stream.filter(
        ({ ifHead, position }) => ifHead !== undefined && !late.has(position),
      ).length;
    }
    expect(seen.late).toBeGreaterThan(20);
    expect(seen.behindHead).toBeGreaterThan(20);
  });
});
