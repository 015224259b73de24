import { describe, expect, test } from 'vitest';

import { violationsOf, violationText } from './check.ts';
import { acknowledged } from './checks/acknowledged.ts';
import { afterWhatWasSeen } from './checks/after-what-was-seen.ts';
import { agreement } from './checks/agreement.ts';
import { askedFor } from './checks/asked-for.ts';
import { chained } from './checks/chained.ts';
import { erased } from './checks/erased.ts';
import { gapFree } from './checks/gap-free.ts';
import { honestFailure } from './checks/honest-failure.ts';
import { membersOnly } from './checks/members-only.ts';
import { monotonic } from './checks/monotonic.ts';
import { once } from './checks/once.ts';
import { ownWrites } from './checks/own-writes.ts';
import { realTimeOrder } from './checks/real-time-order.ts';
import { recovery } from './checks/recovery.ts';
import { senderOrder } from './checks/sender-order.ts';
import { unread } from './checks/unread.ts';
import { wellFormed } from './checks/well-formed.ts';
import type { Check, History, HistoryEvent, Violation } from './history.ts';
import {
  accepted,
  entryAt,
  heard,
  on,
  read,
  ROOM,
  sent,
  shown,
  story,
  withEvents,
  withLog,
  withTold,
} from './story.ts';

/*
 * Goal: each check finds what it is there for, in the smallest history that shows it, and says which
 * events contradict each other. Method: one sound story, spoilt in one place.
 */

/** The events and rows of a piece, in short: `a1 heard 3`, `log 4`. */
const brief = ({ piece }: Violation) =>
  piece.map((one) => {
    if (!('device' in one)) return `log ${one.seq}`;
    const about = 'uuid' in one ? ` ${one.uuid}` : 'entry' in one ? ` ${one.entry.seq}` : '';
    return `${one.device} ${one.kind}${about}`;
  });

const is =
  (kind: HistoryEvent['kind'], device: string, about?: string | number) => (event: HistoryEvent) =>
    event.kind === kind &&
    event.device === device &&
    (about === undefined ||
      ('uuid' in event && event.uuid === about) ||
      ('entry' in event && event.entry.seq === about));

type Events = readonly HistoryEvent[];

const without = (wanted: (event: HistoryEvent) => boolean) =>
  withEvents((events) => events.filter((event) => !wanted(event)));

const before = (wanted: (event: HistoryEvent) => boolean, ...more: Events) =>
  withEvents((events) => events.toSpliced(events.findIndex(wanted), 0, ...more));

const last = (...more: Events) => withEvents((events) => [...events, ...more]);

const instead = (
  wanted: (event: HistoryEvent) => boolean,
  change: (event: HistoryEvent) => HistoryEvent,
) => withEvents((events) => events.map((event) => (wanted(event) ? change(event) : event)));

const swapped = <Row>(rows: readonly Row[], one: number, other: number): readonly Row[] =>
  rows.flatMap((_, index) => {
    const from = index === one ? other : index === other ? one : index;
    return rows.slice(from, from + 1);
  });

const refusedFor = (device: string, uuid: string) =>
  on(device, { kind: 'told', uuid, outcome: 'refused', code: 'muted' });

const CASES: readonly (readonly [string, string, Check, History, readonly string[]])[] = [
  [
    'J1',
    'an acknowledged message that is not in the log',
    acknowledged,
    withTold((told) => told.filter(({ uuid }) => uuid !== 'm4')),
    ['a1 sent m4', 'a1 told m4'],
  ],
  [
    'J1',
    'a message that a screen lacks in the end',
    acknowledged,
    instead(
      (event) => is('shown', 'a2')(event),
      () => shown('a2', [4, 5, 8], true),
    ),
    ['log 3', 'a2 shown'],
  ],
  ['J2', 'an entry that nobody asked for', askedFor, without(is('sent', 'b1', 'm2')), ['log 4']],
  [
    'J2',
    'an entry that was refused',
    askedFor,
    before(is('told', 'b1', 'm2'), refusedFor('b1', 'm2')),
    ['b1 sent m2', 'log 4'],
  ],
  [
    'J2',
    'something seen that is in no log',
    askedFor,
    withLog((log) => log.slice(0, -1)),
    ['a1 heard 8'],
  ],
  [
    'J3',
    'one number that is two entries',
    agreement,
    instead(is('heard', 'b1', 4), () =>
      on('b1', { kind: 'heard', room: ROOM, entry: { ...entryAt(3), seq: 4 }, head: 4 }),
    ),
    ['b1 heard 4', 'log 4'],
  ],
  [
    'J4',
    'one uuid with two numbers',
    once,
    withTold((told) => [...told, ...told.slice(3, 4)]),
    ['log 4', 'log 9'],
  ],
  [
    'J4',
    'one uuid of which two numbers are told',
    once,
    instead(is('heard', 'b1', 4), () =>
      on('b1', { kind: 'heard', room: ROOM, entry: { ...entryAt(4), seq: 5 }, head: 5 }),
    ),
    ['a1 heard 4', 'b1 heard 5'],
  ],
  ['J5', 'a gap in the log', gapFree, withLog((log) => log.toSpliced(3, 1)), ['log 3', 'log 5']],
  [
    'J5',
    'a duplicate in a reply',
    gapFree,
    instead(is('read', 'a2'), (event) =>
      event.kind === 'read' ? { ...event, entries: [entryAt(3), entryAt(3)] } : event,
    ),
    ['a2 read s1'],
  ],
  ['J5', 'a hole on a screen', gapFree, last(shown('a1', [3, 5])), ['a1 shown']],
  [
    'J6',
    'a reply that knows less than its device has seen',
    monotonic,
    last(...read('a1', 's2', 1, 7)),
    ['a1 heard 8', 'a1 read s2'],
  ],
  ['J6', 'a screen that goes back', monotonic, last(shown('a1', [3, 4])), ['a1 shown', 'a1 shown']],
  [
    'J7',
    'an own write that is not read, on another device',
    ownWrites,
    last(
      on('a2', { kind: 'heard', room: ROOM, entry: entryAt(8), head: 8 }),
      ...read('a2', 's2', 1, 7),
    ),
    ['a1 heard 8', 'a2 read s2'],
  ],
  [
    'J8',
    'what was asked for after an acknowledgement, numbered before it',
    realTimeOrder,
    withTold((told) => swapped(told, 2, 3)),
    ['a1 told m1', 'b1 sent m2', 'log 4', 'log 3'],
  ],
  [
    'J9',
    'an answer that is numbered before what it answers',
    afterWhatWasSeen,
    before(is('sent', 'b1', 'm2'), heard('b1', 5)),
    ['b1 heard 5', 'b1 sent m2', 'log 4'],
  ],
  [
    'J10',
    'a device that does not come back',
    recovery,
    without((event) => is('read', 'a2')(event) || is('sent', 'a2', 's1')(event)),
    ['log 8', 'a2 shown'],
  ],
  [
    'J11',
    'a message that is silently lost',
    honestFailure,
    before(
      is('wrote', 'a1', 'm3'),
      on('a1', { kind: 'wrote', room: ROOM, uuid: 'm9', text: 'nine' }),
    ),
    ['a1 wrote m9', 'a1 shown'],
  ],
  [
    'J11',
    'a library that must say it cannot get what is there',
    honestFailure,
    last(on('a2', { kind: 'problem', code: 'missing_entries' })),
    ['a2 problem'],
  ],
  ['J12', 'a frame to somebody who was put out', membersOnly, last(heard('b1', 8)), ['b1 heard 8']],
  [
    'J12',
    'a reply to somebody who was put out',
    membersOnly,
    last(...read('b1', 's2', 1, 8)),
    ['log 7', 'b1 read s2'],
  ],
  [
    'sender order',
    'messages of one device out of their order',
    senderOrder,
    withTold((told) => swapped(told, 2, 4)),
    ['a1 wrote m1', 'a1 wrote m3', 'log 5', 'log 3'],
  ],
  [
    'X2',
    'words that are left after the delete',
    erased,
    withTold((told) =>
      told.map((row) =>
        row.uuid === 'm3' ? { ...row, content: { kind: 'message', text: 'three' } } : row,
      ),
    ),
    ['log 5', 'log 5'],
  ],
  [
    'X2',
    'words that are left in the Inbox',
    erased,
    { ...story, inbox: new Map([[JSON.stringify([ROOM, 'alice', 'm3']), 'three']]) },
    ['log 5'],
  ],
  [
    'N4',
    'unread messages that are off by one',
    unread,
    instead(is('listed', 'a2'), (event) =>
      event.kind === 'listed' ? { ...event, unread: 4 } : event,
    ),
    ['log 3', 'log 8', 'a2 listed l1'],
  ],
  [
    'L4',
    'a broken chain',
    chained,
    withLog((log) => log.map((row) => (row.seq === 4 ? { ...row, hash: 'another' } : row))),
    ['log 3', 'log 4'],
  ],
  [
    'frames',
    'a frame that no schema knows',
    wellFormed,
    last(on('a1', { kind: 'malformed', fault: 'no schema for that' })),
    ['a1 malformed'],
  ],
];

test('in a sound history nothing is wrong', () => {
  expect(violationsOf(story).map(violationText)).toEqual([]);
});

describe('the checker', () => {
  test.each(CASES)('[%s] finds %s', (name, _what, check, history, piece) => {
    const found = check(history);
    expect(found?.check).toBe(name);
    expect(found === undefined ? [] : brief(found)).toEqual(piece);
    expect(violationsOf(history).map((one) => one.check)).toContain(name);
  });

  test('prints what contradicts each other, a line for each', () => {
    const [found] = violationsOf(last(heard('b1', 8)));
    const text = found === undefined ? '' : violationText(found);
    expect(text.split('\n')).toHaveLength(2);
    expect(text).toContain('J12: heard by somebody who is not in the room');
    expect(text).toContain('b1/1 heard');
  });

  test('[J12] lets somebody hear what was said while he was out, once he has asked to come back', () => {
    const again = withTold((told) => [
      ...told,
      { kind: 'join', user: 'bob', uuid: 'j3', content: { kind: 'join', member: 'bob' } },
    ]);
    const events = [...again.events, sent('b1', 'j3'), accepted('b1', 'j3'), heard('b1', 8)];
    expect(membersOnly({ ...again, events })).toBeUndefined();
  });

  test('takes a hundred times as long for a hundred times as much, not ten thousand times', () => {
    const long = (times: number): History => ({
      ...story,
      events: Array.from({ length: times }, () => story.events).flat(),
    });
    const ms = (times: number) => {
      const history = long(times);
      const began = performance.now();
      violationsOf(history);
      return performance.now() - began;
    };
    ms(100);
    expect(ms(2_000)).toBeLessThan(200 * Math.max(1, ms(100)));
  });
});
