import { describe, expect, inject, onTestFinished, test } from 'vitest';

import { violationsOf } from '../check.ts';
import {
  type EventOf,
  type History,
  type HistoryEvent,
  identity,
  type LogRow,
} from '../history.ts';
import { openArena } from '../torture/arena.ts';
import type { Action, Deed, Plan } from '../torture/plan.ts';
import { play } from '../torture/schedule.ts';

/*
 * Goal: the checker finds in a real history what it finds in a made one. Method: one schedule is played in
 * the real chat, without faults; nothing is wrong with it until one thing is changed in what was recorded.
 */

const act = (deed: Deed, device: number, which = 0): Action => ({
  do: deed,
  device,
  room: 0,
  which,
  pauseMs: 1,
  settles: true,
});

const PLAN: Plan = {
  seed: 1,
  users: 2,
  rooms: 2,
  devices: [0, 1],
  calm: true,
  faults: [],
  actions: [
    act('send', 0),
    act('send several', 1),
    act('plain send', 0),
    act('mark read', 0),
    act('send several', 0),
    act('remove', 0),
    act('plain sync', 0),
    act('ban', 0, 0.99),
    act('send', 0),
  ],
};

type Mutate = (history: History) => History;

const logOf = ({ logs }: History): readonly [string, readonly LogRow[]] => {
  const found = [...logs].toSorted(([, a], [, b]) => b.length - a.length)[0];
  if (found === undefined) throw new Error('There is no log');
  return found;
};

const withLog =
  (change: (log: readonly LogRow[]) => readonly LogRow[]): Mutate =>
  (history) => {
    const [room, log] = logOf(history);
    return { ...history, logs: new Map([...history.logs, [room, change(log)]]) };
  };

/** Places of the messages of one who has said several. */
const several = (log: readonly LogRow[]) => {
  const messages = log.filter(({ kind, content }) => kind === 'message' && content !== undefined);
  const user = messages.find((one, at) => messages[at + 1]?.user === one.user)?.user;
  return messages.filter((one) => one.user === user).map(({ seq }) => seq - 1);
};

/** Exchanges what two rows say, and leaves numbers and chain as they are. */
const swap = (log: readonly LogRow[], one = 0, other = 0) => {
  const [first, second] = [log[one], log[other]];
  if (first === undefined || second === undefined) throw new Error('There are no such rows');
  const as = (row: LogRow, { user, uuid, content }: LogRow): LogRow => ({
    ...row,
    user,
    uuid,
    ...(content === undefined ? {} : { content }),
  });
  return log.with(one, as(first, second)).with(other, as(second, first));
};

const change =
  <Kind extends HistoryEvent['kind']>(
    kind: Kind,
    which: (event: EventOf<Kind>, history: History) => boolean,
    to: (event: EventOf<Kind>, history: History) => readonly HistoryEvent[],
  ): Mutate =>
  (history) => {
    const is = (event: HistoryEvent): event is EventOf<Kind> => event.kind === kind;
    const at = history.events.findLastIndex((event) => is(event) && which(event, history));
    const event = history.events[at];
    if (event === undefined || !is(event)) throw new Error(`There is no such ${kind}`);
    return { ...history, events: history.events.toSpliced(at, 1, ...to(event, history)) };
  };

const MUTANTS: readonly (readonly [string, string, Mutate])[] = [
  ['J1', 'an acknowledged record is dropped', withLog((log) => log.slice(0, -1))],
  ['J3', 'two records are swapped', withLog((log) => swap(log, several(log)[0], several(log)[1]))],
  [
    'sender order',
    'messages of one sender are reordered',
    withLog((log) => swap(log, several(log)[0], several(log).at(-1))),
  ],
  [
    'J4',
    'a record is there twice',
    withLog((log) => [...log, ...log.slice(-1).map((row) => ({ ...row, seq: row.seq + 1 }))]),
  ],
  ['J5', 'a record in the middle is dropped', withLog((log) => log.toSpliced(3, 1))],
  [
    'L4',
    'the chain is broken',
    withLog((log) => log.with(2, { ...swap(log, 2, 2)[2], hash: 'x' } as LogRow)),
  ],
  [
    'J2',
    'an entry is in another room',
    (history) => {
      const [room, log] = logOf(history);
      const [other = ''] = [...history.logs.keys()].filter((one) => one !== room);
      const moved = log.slice(-1).map((row) => ({ ...row, room: other }));
      const rest = [...(history.logs.get(other) ?? []), ...moved];
      return { ...history, logs: new Map([...history.logs, [other, rest]]) };
    },
  ],
  [
    'J12',
    'a frame goes to somebody who was banned',
    change(
      'heard',
      ({ user, entry }) => entry.kind === 'message' && entry.user.username === user,
      (event, { events }) => {
        const banned = events.find(({ device }) => device === 'd1') ?? event;
        return [event, { ...event, device: banned.device, user: banned.user }];
      },
    ),
  ],
  [
    'N4',
    'what is unread is off by one',
    change(
      'listed',
      () => true,
      (event) => [{ ...event, unread: event.unread + 1 }],
    ),
  ],
  [
    'J5',
    'a message is shown twice',
    change(
      'shown',
      ({ messages }) => messages.length > 2,
      (event) => [{ ...event, messages: [...event.messages, ...event.messages.slice(-1)] }],
    ),
  ],
  [
    'J6',
    'a reply is older than what its device has seen',
    change(
      'read',
      ({ head }) => head > 5,
      (event) => [{ ...event, head: 1, entries: [] }],
    ),
  ],
  [
    'X2',
    'the words of a deleted message are in the Inbox',
    (history) => {
      const row = logOf(history)[1].find(({ deleted }) => deleted !== undefined);
      const key = row === undefined ? '' : identity(row.room, row.user, row.uuid);
      return { ...history, inbox: new Map([...history.inbox, [key, 'words']]) };
    },
  ],
];

describe('in a real history', () => {
  test('nothing is wrong, and every change of it is caught', async () => {
    const arena = await openArena(inject('assembly'));
    onTestFinished(() => arena.close());
    const { history } = await play(arena, PLAN, 'mutated', { patient: true });
    expect(violationsOf(history)).toEqual([]);
    const survivors = MUTANTS.filter(
      ([check, , mutate]) => !violationsOf(mutate(history)).some((found) => found.check === check),
    );
    expect(survivors.map(([check, bug]) => `${check}: ${bug}`)).toEqual([]);
  }, 120_000);
});
