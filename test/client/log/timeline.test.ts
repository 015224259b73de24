import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  beginTimeline,
  contradicts,
  EARLY_MAX_COUNT,
  hear,
  insert,
  KEPT_MAX_COUNT,
  knows,
  readAt,
  stretch,
  TAIL_MAX_COUNT,
  type Timeline,
} from '../../../client/log/timeline.ts';
import type { Content } from '../../../protocol/content.ts';
import type { Entry } from '../../../protocol/entry.ts';
import { createRoomLog, type RoomLog } from '../support/room-log.ts';

/*
 * Goal: whatever comes in whichever order, however often, and with whatever missing in between, a
 * timeline that has all is what the server has, and one that lacks something shows no hole as whole.
 * Method: the log is the server's own (its effects and seals); the timeline gets it in pieces.
 */

const seqs = (entries: readonly Entry[]) => entries.map(({ seq }) => seq);

/**
 * As it is seen: no reactions and reactions that were all taken away look the same; and so do messages
 * that were deleted, whether or not they had been edited.
 */
const seen = (entries: readonly Entry[]) =>
  entries.map(({ reactions = {}, edited, ...entry }) => ({
    ...entry,
    ...(Object.keys(reactions).length === 0 ? {} : { reactions }),
    ...(edited === undefined || entry.deleted !== undefined ? {} : { edited }),
  }));

function logOf(count: number): RoomLog {
  const log = createRoomLog();
  for (let seq = 1; seq <= count; seq += 1) log.say('bob', `text ${seq}`);
  return log;
}

describe('a timeline', () => {
  test('[D2] shows each number once, in order, however late and often it comes', () => {
    const log = logOf(6);
    let timeline = beginTimeline(log.page(1, 3));
    for (const seq of [5, 6, 5, 2, 4, 6, 4]) timeline = hear(timeline, log.told(seq));

    expect(seqs(stretch(timeline))).toEqual([1, 2, 3, 4, 5, 6]);
    expect(timeline.early).toEqual([]);
  });

  test('[D2] never shows a hole as if there were none', () => {
    const log = logOf(9);
    const timeline = hear(beginTimeline(log.page(4, 6)), log.told(8));

    expect(seqs(stretch(timeline))).toEqual([4, 5, 6]);
    expect(timeline.end).toBe(6);
  });

  test('remembers what it read elsewhere, and joins it when the hole between is filled', () => {
    const log = logOf(30);
    let timeline: Timeline = beginTimeline(log.page(26, 30));
    timeline = insert(timeline, log.page(1, 10), 30) ?? timeline;
    expect(seqs(stretch(readAt(timeline, 5)))).toEqual(seqs(log.page(1, 10)));
    expect(seqs(stretch(timeline))).toEqual(seqs(log.page(26, 30)));

    timeline = insert(timeline, log.page(11, 25), 30) ?? timeline;
    expect(stretch(timeline)).toEqual(log.page());
  });

  test('brings a page up to date that was read before the newest entries came', () => {
    const log = logOf(5);
    let timeline = beginTimeline(log.page(4, 5));
    const old = log.page(1, 3);
    timeline = hear(timeline, log.add('bob', { kind: 'edit', target: 2, text: 'Better' }));

    expect(stretch(insert(timeline, old, 5) ?? timeline)).toEqual(log.page());
  });

  test('asks for a page again when too much has come since it was read', () => {
    const log = logOf(KEPT_MAX_COUNT * 2);
    let timeline = beginTimeline(log.page(99, 100));
    const old = log.page(1, 98);
    for (let seq = 101; seq <= log.head; seq += 1) timeline = hear(timeline, log.told(seq));

    expect(insert(timeline, old, 100)).toBeUndefined();
  });

  test('keeps what lies around the place where one reads, and the newest, and no more', () => {
    const log = logOf(5_000);
    let timeline = beginTimeline(log.page(2_000, 2_049));
    for (let seq = 2_050; seq <= 4_000; seq += 1) timeline = hear(timeline, log.told(seq));
    expect(timeline.known.length).toBeLessThanOrEqual(KEPT_MAX_COUNT + TAIL_MAX_COUNT + 100);
    expect(stretch(timeline).at(-1)?.seq).toBe(4_000);

    for (let page = 1_000; page < 2_900; page += 50) {
      timeline = insert(timeline, log.page(page, page + 49), 4_000) ?? timeline;
      timeline = readAt(timeline, page);
    }
    for (let seq = 4_001; seq <= 5_000; seq += 1) timeline = hear(timeline, log.told(seq));
    expect(timeline.known.length).toBeLessThanOrEqual(KEPT_MAX_COUNT + TAIL_MAX_COUNT + 100);
    expect(knows(timeline, 2_850)).toBe(true);
    expect(stretch(timeline).length).toBeGreaterThan(KEPT_MAX_COUNT / 2);
    expect(stretch(readAt(timeline, 'end')).length).toBeGreaterThanOrEqual(TAIL_MAX_COUNT);
  });

  test('holds no more than so many entries that come before their turn', () => {
    const log = logOf(5);
    let timeline = beginTimeline(log.page());
    const [entry] = log.page();
    for (let seq = 1_000; seq < 3_000; seq += 1) {
      if (entry !== undefined) timeline = hear(timeline, { ...entry, seq });
    }
    expect(timeline.early).toHaveLength(EARLY_MAX_COUNT);
    expect(seqs(stretch(timeline))).toEqual([1, 2, 3, 4, 5]);
  });

  test('[L4] knows an entry that is said to be another than before', () => {
    const log = logOf(3);
    const timeline = beginTimeline(log.page());
    const entry = log.told(2);

    expect(contradicts(timeline, entry)).toBe(false);
    expect(contradicts(timeline, { ...entry, text: 'Edited', edited: 3 })).toBe(false);
    expect(contradicts(timeline, { ...entry, hash: 'other' })).toBe(true);
    expect(contradicts(timeline, { ...entry, chain: 'other' })).toBe(true);
  });
});

const user = fc.constantFrom('alice', 'bob', 'carol');

/** Something to be done in a room; `at` says to which message, as a share of those there are. */
const deed = fc.record({
  user,
  at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  kind: fc.constantFrom('message', 'message', 'edit', 'delete', 'reaction', 'pin', 'join'),
  on: fc.boolean(),
  emoji: fc.constantFrom('👍', '🎉'),
});

function act(
  log: RoomLog,
  { user, at, kind, on, emoji }: typeof deed extends fc.Arbitrary<infer D> ? D : never,
) {
  const target = 1 + Math.floor(at * log.head);
  const texts = { text: `text ${log.head}`, ...(on ? { mentions: ['carol'] } : {}) };
  const contents: Readonly<Record<typeof kind, Content>> = {
    message: { kind: 'message', ...texts },
    edit: { kind: 'edit', target, ...texts },
    delete: { kind: 'delete', target },
    reaction: { kind: 'reaction', target, emoji, ...(on ? {} : { remove: true }) },
    pin: { kind: 'pin', target, pinned: on },
    join: { kind: 'join', member: user },
  };
  log.add(user, contents[kind]);
}

/** What may happen between a server and a client. */
const event = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('act' as const), deed }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('tell' as const), back: fc.nat({ max: 8 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('sync' as const),
      count: fc.nat({ max: 4 }),
      meanwhile: fc.array(deed, { maxLength: 2 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('read' as const),
      from: fc.nat({ max: 40 }),
      meanwhile: fc.array(deed, { maxLength: 3 }),
      told: fc.boolean(),
    }),
  },
);

test('becomes the log of the server, whatever comes when, twice, or not at all', () => {
  fc.assert(
    fc.property(
      fc.array(deed, { minLength: 1, maxLength: 25 }),
      fc.nat({ max: 10 }),
      fc.array(event, { maxLength: 60 }),
      (before, count, events) => {
        const log = createRoomLog();
        log.say('alice', 'First');
        for (const one of before) act(log, one);
        let timeline = beginTimeline(log.page(Math.max(1, log.head - count)));

        for (const one of events) {
          if (one.do === 'act') act(log, one.deed);
          if (one.do === 'tell')
            timeline = hear(timeline, log.told(Math.max(1, log.head - one.back)));
          if (one.do === 'sync') {
            const from = timeline.end + 1;
            for (const deed of one.meanwhile) act(log, deed);
            timeline = log.page(from, from + one.count).reduce(hear, timeline);
          }
          if (one.do === 'read') {
            const { end } = timeline;
            for (const deed of one.meanwhile) act(log, deed);
            const page = log.page(one.from + 1, Math.min(one.from + 5, log.head));
            // The page was read, and only then the news came in, or the other way round.
            if (one.told) timeline = hear(timeline, log.told(log.head));
            timeline = insert(timeline, page, end) ?? timeline;
          }
          const numbers = seqs(stretch(timeline));
          expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 1) + index));
        }
        timeline = log.page(timeline.end + 1).reduce(hear, timeline);
        timeline = insert(timeline, log.page(), timeline.end) ?? timeline;
        expect(seen(stretch(timeline))).toEqual(seen(log.page()));
      },
    ),
    { numRuns: 400 },
  );
});
