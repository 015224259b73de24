/**
 * A small history in which nothing is wrong, made by hand, for tests to spoil: alice and bob talk, a
 * message is deleted, bob is kicked, and alice goes on. `a1` and `a2` are alice's devices, `b1` is bob's.
 */
import { createHash } from 'node:crypto';

import type { Entry } from '../../protocol/entry.ts';
import type { Happening, History, HistoryEvent, LogRow, ShownMessage } from './history.ts';

export const ROOM = 'r';

type Told = Pick<LogRow, 'kind' | 'user' | 'uuid'> & Partial<Pick<LogRow, 'content' | 'deleted'>>;

const TOLD: readonly Told[] = [
  { kind: 'join', user: 'alice', uuid: 'j1', content: { kind: 'join', member: 'alice' } },
  { kind: 'join', user: 'alice', uuid: 'j2', content: { kind: 'join', member: 'bob' } },
  { kind: 'message', user: 'alice', uuid: 'm1', content: { kind: 'message', text: 'one' } },
  { kind: 'message', user: 'bob', uuid: 'm2', content: { kind: 'message', text: 'two' } },
  { kind: 'message', user: 'alice', uuid: 'm3', deleted: 6 },
  { kind: 'delete', user: 'alice', uuid: 'd1', content: { kind: 'delete', target: 5 } },
  { kind: 'leave', user: 'alice', uuid: 'k1', content: { kind: 'leave', member: 'bob' } },
  { kind: 'message', user: 'alice', uuid: 'm4', content: { kind: 'message', text: 'four' } },
];

const TEXTS: Readonly<Record<string, string>> = { m1: 'one', m2: 'two', m3: 'three', m4: 'four' };

/** Gives rows their numbers and their chain, in the order in which they stand. */
export function logOf(told: readonly Told[]): readonly LogRow[] {
  const log: LogRow[] = [];
  for (const [index, { kind, user, uuid, ...rest }] of told.entries()) {
    const seq = index + 1;
    const n = (log.at(-1)?.n ?? 0) + (kind === 'message' ? 1 : 0);
    const hash = `hash of ${uuid}`;
    const own = JSON.stringify([ROOM, seq, n, kind, user, uuid, 1_000 * seq, hash]);
    const chain = createHash('sha256')
      .update(JSON.stringify([log.at(-1)?.chain ?? '', own]))
      .digest('base64url');
    const row = { room: ROOM, seq, n, kind, user, uuid, timestamp: 1_000 * seq, hash, chain };
    log.push({ ...row, ...rest });
  }
  return log;
}

const LOG = logOf(TOLD);

export function entryAt(seq: number): Entry {
  const row = LOG[seq - 1];
  if (row === undefined) throw new Error(`There is no entry ${seq}`);
  const { room, n, kind, user, uuid, timestamp, hash, chain, content } = row;
  const text = TEXTS[uuid];
  return {
    id: `${room}.${seq}`,
    room,
    seq,
    n,
    kind,
    user: { username: user },
    uuid,
    timestamp: timestamp / 1_000,
    hash,
    chain,
    ...(content?.target === undefined ? {} : { target: content.target }),
    ...(content?.member === undefined ? {} : { member: content.member }),
    ...(text === undefined ? {} : { text }),
  };
}

const USERS: Readonly<Record<string, string>> = { a1: 'alice', a2: 'alice', b1: 'bob' };

/** An event of a device; `at` is set when all are in their order. */
export const on = (device: string, happening: Happening, life = 1): HistoryEvent => ({
  at: 0,
  device,
  user: USERS[device] ?? '',
  life,
  ...happening,
});

const actionOf: Readonly<Record<string, string>> = {
  j: 'invite',
  m: 'new_message',
  d: 'delete_message',
  k: 'kick',
};

export const sent = (device: string, uuid: string): HistoryEvent => {
  const text = TEXTS[uuid];
  return on(device, {
    kind: 'sent',
    uuid,
    action: actionOf[uuid.charAt(0)] ?? 'new_message',
    room: ROOM,
    ...(text === undefined ? {} : { text }),
  });
};

export const accepted = (device: string, uuid: string): HistoryEvent =>
  on(device, { kind: 'told', uuid, outcome: 'accepted' });

export const heard = (device: string, seq: number): HistoryEvent =>
  on(device, { kind: 'heard', room: ROOM, entry: entryAt(seq), head: seq });

export const read = (
  device: string,
  uuid: string,
  from: number,
  to: number,
): readonly HistoryEvent[] => [
  on(device, { kind: 'sent', uuid, action: 'sync' }),
  on(device, {
    kind: 'read',
    room: ROOM,
    uuid,
    head: to,
    contiguous: true,
    entries: Array.from({ length: to - from + 1 }, (_, index) => entryAt(from + index)),
  }),
];

const shownAt = (seq: number): ShownMessage => {
  const { uuid, user, n } = entryAt(seq);
  const isGone = LOG[seq - 1]?.deleted !== undefined;
  const text = isGone ? '' : (TEXTS[uuid] ?? '');
  return { uuid, user: user.username, seq, n, state: 'sent', text, deleted: isGone };
};

export const shown = (device: string, seqs: readonly number[], final = false): HistoryEvent =>
  on(device, {
    kind: 'shown',
    room: ROOM,
    messages: seqs.map(shownAt),
    ...(final ? { final: true } : {}),
  });

const wrote = (device: string, uuid: string): HistoryEvent =>
  on(device, { kind: 'wrote', room: ROOM, uuid, text: TEXTS[uuid] ?? '' });

/** One after another, each a millisecond later. */
export const inOrder = (events: readonly HistoryEvent[]): readonly HistoryEvent[] =>
  events.map((event, at) => ({ ...event, at }));

const EVENTS: readonly HistoryEvent[] = [
  sent('a1', 'j1'),
  heard('a1', 1),
  sent('a1', 'j2'),
  heard('a1', 2),
  heard('b1', 2),
  wrote('a1', 'm1'),
  sent('a1', 'm1'),
  accepted('a1', 'm1'),
  heard('a1', 3),
  heard('b1', 3),
  shown('a1', [3]),
  sent('b1', 'm2'),
  accepted('b1', 'm2'),
  heard('a1', 4),
  heard('b1', 4),
  shown('a1', [3, 4]),
  wrote('a1', 'm3'),
  sent('a1', 'm3'),
  accepted('a1', 'm3'),
  heard('a1', 5),
  heard('b1', 5),
  sent('a1', 'd1'),
  heard('a1', 6),
  heard('b1', 6),
  sent('a1', 'k1'),
  heard('b1', 7),
  heard('a1', 7),
  sent('a1', 'm4'),
  accepted('a1', 'm4'),
  heard('a1', 8),
  on('harness', { kind: 'healed' }),
  ...read('a2', 's1', 1, 8),
  on('a2', { kind: 'sent', uuid: 'l1', action: 'list_rooms' }),
  on('a2', { kind: 'listed', room: ROOM, uuid: 'l1', head: 8, read: 3, unread: 3 }),
  shown('a1', [3, 4, 5, 8], true),
  shown('a2', [3, 4, 5, 8], true),
];

/** Everything is well in it. */
export const story: History = {
  events: inOrder(EVENTS),
  logs: new Map([[ROOM, LOG]]),
  inbox: new Map(),
};

/** The story with other events. */
export const withEvents = (
  change: (events: readonly HistoryEvent[]) => readonly HistoryEvent[],
): History => ({ ...story, events: inOrder(change(EVENTS)) });

/** The story with another log in the end. */
export const withLog = (change: (log: readonly LogRow[]) => readonly LogRow[]): History => ({
  ...story,
  logs: new Map([[ROOM, change(LOG)]]),
});

/** The same with other rows, numbered and chained anew: a log that is sound by itself. */
export const withTold = (change: (told: readonly Told[]) => readonly Told[]): History => ({
  ...story,
  logs: new Map([[ROOM, logOf(change(TOLD))]]),
});
