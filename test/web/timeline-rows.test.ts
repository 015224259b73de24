import { expect, test } from 'vitest';

import type { Message, Notice } from '../../client/index.ts';
import { seenBy } from '../../web/src/timeline/seen-by.ts';
import { type Row, timelineRows } from '../../web/src/timeline/timeline-rows.ts';

const NOON = new Date(2026, 10, 21, 12).getTime();
const MINUTE = 60_000;

function said(seq: number | undefined, user: string, minutes: number, own = false): Message {
  const key = `${user}/${seq ?? minutes}`;
  return {
    key,
    uuid: key,
    state: seq === undefined ? 'sending' : 'sent',
    seq,
    n: seq,
    user,
    mine: own,
    time: NOON + minutes * MINUTE,
    text: key,
    mentions: [],
    edited: false,
    deleted: false,
    pinned: false,
    reactions: new Map(),
  };
}

const joined = (seq: number, minutes: number): Notice => ({
  seq,
  kind: 'join',
  user: 'eve',
  member: 'eve',
  time: NOON + minutes * MINUTE,
});

const shown = (rows: readonly Row[]) =>
  rows.map((row) => (row.kind === 'message' ? `${row.head ? '*' : ''}${row.key}` : row.kind));

const WHOLE = { notices: [], unreadAfter: undefined, atStart: true };

test('shows the author of the first message of a group, and the days between', () => {
  const messages = [
    said(1, 'bob', 0),
    said(2, 'bob', 4),
    said(3, 'bob', 10),
    said(4, 'alice', 11),
    said(5, 'alice', 24 * 60),
  ];
  expect(shown(timelineRows({ ...WHOLE, messages }))).toStrictEqual([
    'day',
    '*bob/1',
    'bob/2',
    '*bob/3',
    '*alice/4',
    'day',
    '*alice/5',
  ]);
});

test('puts notices where they belong, and what is unsent at the end', () => {
  const messages = [said(1, 'bob', 0), said(3, 'bob', 2), said(undefined, 'bob', 3)];
  const rows = timelineRows({ ...WHOLE, messages, notices: [joined(2, 1), joined(4, 2)] });
  expect(shown(rows)).toStrictEqual(['day', '*bob/1', 'notice', '*bob/3', 'notice', '*bob/3']);
});

test('marks where the unread ones of others begin, when that is there', () => {
  const messages = [said(5, 'bob', 0), said(6, 'alice', 1, true), said(7, 'bob', 2)];
  const at = (unreadAfter: number | undefined, atStart: boolean) =>
    shown(timelineRows({ ...WHOLE, messages, unreadAfter, atStart }));
  expect(at(5, false)).toStrictEqual(['day', '*bob/5', '*alice/6', 'unread', '*bob/7']);
  expect(at(7, false)).not.toContain('unread');
  expect(at(undefined, true)).not.toContain('unread');
  // The first unread one may be further up.
  expect(at(3, false)).not.toContain('unread');
  expect(at(3, true)).toStrictEqual(['day', 'unread', '*bob/5', '*alice/6', '*bob/7']);
});

test('shows everybody but oneself under the newest message that he has read', () => {
  const messages = [said(1, 'alice', 0), said(2, 'alice', 1), said(4, 'bob', 2)];
  const read = new Map([
    ['alice', 4],
    ['bob', 4],
    ['carol', 3],
    ['dave', 2],
    ['eve', 0],
  ]);
  expect([...seenBy(messages, read, 'alice')]).toStrictEqual([['alice/2', ['carol', 'dave']]]);
});
