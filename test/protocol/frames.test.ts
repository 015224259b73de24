import { readFileSync } from 'node:fs';

import * as v from 'valibot';
import { describe, expect, test } from 'vitest';

import { parseFrame } from '../../protocol/frames.ts';
import { faultOf } from '../support/frame-fault.ts';

/** What a client reads of a frame, and what a test makes of it. */
const head = { uuid: '1', status: 'success', room: 'lobby' };
const entry = {
  id: 'lobby.1',
  seq: 1,
  n: 1,
  kind: 'message',
  user: { username: 'alice' },
  room: 'lobby',
  uuid: '1',
  timestamp: 1_795_222_800.123,
  text: 'Hello',
  hash: 'h',
  nonce: 'n',
  chain: 'c',
};
const broadcast = { ...head, action: 'new_message', message: entry, head: 1 };
const refused = { uuid: null, action: null, status: 'error', code: 'invalid_json' };
const listed = { id: 'lobby', name: 'Lobby', kind: 'private', role: 'member', online: 1 };

const frames: readonly Readonly<Record<string, unknown>>[] = [
  broadcast,
  { ...head, action: 'join', entry: { ...entry, kind: 'join', member: 'alice' }, head: 1 },
  { ...head, action: 'order_paid', message: entry, head: 1 },
  { ...refused, error_message: 'No' },
  { uuid: '1', action: 'new_message', status: 'accepted', room: 'lobby' },
  { ...head, action: 'mute' },
  {
    uuid: '1',
    action: 'authenticate',
    status: 'success',
    user: { username: 'alice' },
    features: ['ack'],
  },
  { ...head, action: 'select_room', room_messages: [entry], head: 1, more: true },
  { ...head, action: 'history', entries: [], head: 0 },
  {
    uuid: '1',
    action: 'sync',
    status: 'success',
    rooms: {
      lobby: { entries: [entry], head: 2, more: true },
      attic: { code: 'invalid_room_id', error_message: 'No' },
    },
  },
  { ...head, action: 'mark_read', seq: 1, unread: 0 },
  {
    uuid: '1',
    action: 'list_rooms',
    status: 'success',
    rooms: [{ ...listed, head: 1, last: entry, read: 0, unread: 1, mentions: 0 }],
    more: true,
    next: 'lobby',
  },
  {
    ...head,
    action: 'list_members',
    members: [
      { user: 'alice', role: 'owner', online: 2, read: 1 },
      { user: 'bob', role: 'read-only', muted: true, last_seen: 1_795_222_800.1 },
    ],
  },
  {
    uuid: '1',
    action: 'list_public_rooms',
    status: 'success',
    rooms: [{ id: 'lobby', name: 'Lobby' }],
  },
  { ...head, action: 'typing' },
  { ...head, action: 'typing', user: { username: 'bob' }, expires_in: 6 },
  { ...head, action: 'signal' },
  {
    ...head,
    action: 'signal',
    user: { username: 'bob' },
    data: { code: 1, chain: 2, hash: 3, nonce: 4 },
    order: 1_795_222_807_000,
  },
  {
    ...head,
    uuid: null,
    action: 'presence',
    people: [
      { user: 'bob', online: 2 },
      { user: 'carol', online: 0, last_seen: 1_795_222_800.1 },
    ],
  },
  { ...head, uuid: null, action: 'receipts', read: [{ user: 'bob', seq: 58, n: 57 }] },
];

const name = (frame: Readonly<Record<string, unknown>>) =>
  `${String(frame['action'])} ${String(frame['status'])}, ${Object.keys(frame).join(' ')}`;

describe('a frame of the server', () => {
  test.each(frames.map((frame) => [name(frame), frame] as const))(
    'is read as it is: %s',
    (_name, frame) => {
      expect(parseFrame(frame)).toEqual(frame);
      expect(faultOf(frame)).toBeUndefined();
    },
  );

  test.each(frames.map((frame) => [name(frame), frame] as const))(
    'is none when a key is missing: %s',
    (_name, frame) => {
      // Without these a frame is another one, or the same.
      const optional = new Set(['more', 'next', 'user', 'message', 'entry']);
      for (const key of Object.keys(frame).filter((key) => !optional.has(key))) {
        const { [key]: _, ...rest } = frame;
        expect(parseFrame(rest), `without ${key}`).toBeUndefined();
      }
    },
  );

  test('is known by what it is about, where an action has two: who types is answered, others are shown it', () => {
    expect(parseFrame({ ...head, action: 'typing', user: { username: 'bob' } })).toBeUndefined();
    expect(parseFrame({ ...head, action: 'join', message: 'Welcome' })).toBeUndefined();
  });
});

describe('a newer server', () => {
  test('may send keys that are not known, and they are dropped', () => {
    const newer = { ...broadcast, color: 'red', message: { ...entry, stars: 5 } };
    expect(parseFrame(newer)).toEqual(broadcast);
  });

  test('may send kinds of entries, reasons, features and codes that are not known', () => {
    const kind = { ...head, action: 'poll', entry: { ...entry, kind: 'poll' }, head: 1 };
    const reason = { ...head, action: 'leave', entry: { ...entry, reason: 'moved' }, head: 1 };
    const code = { ...refused, code: 'too_late', error_message: 'Too late' };
    const features = { uuid: '1', action: 'authenticate', status: 'success', features: ['video'] };
    for (const frame of [kind, reason, code, { ...features, user: { username: 'alice' } }]) {
      expect(parseFrame(frame)).toEqual(frame);
    }
  });

  test('may send frames of a sort that is not known, and they are none', () => {
    expect(parseFrame({ ...head, action: 'video', stream: 1 })).toBeUndefined();
    expect(parseFrame({ ...broadcast, status: 'postponed' })).toBeUndefined();
  });
});

describe('a server that lies', () => {
  test.each<[what: string, value: unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a number', 7],
    ['a text', 'success'],
    ['an array', [broadcast]],
    ['an empty object', {}],
    ['an action from the prototype', { ...head, action: 'constructor' }],
    ['an action that is no text', { ...head, action: ['history'] }],
    ['a success of nobody', { ...broadcast, uuid: null }],
    ["the gateway's own error", { message: 'Forbidden', connectionId: 'a', requestId: 'b' }],
  ])('sends %s, which is no frame', (_what, value) => {
    expect(parseFrame(value)).toBeUndefined();
  });

  test.each([0, -1, 1.5, 2 ** 53, Infinity, '1', null, true])('numbers an entry %s', (seq) => {
    expect(parseFrame({ ...broadcast, message: { ...entry, seq } })).toBeUndefined();
  });

  test.each([-1, 0.5, 1e300, Infinity, '0'])('tells of a head %s', (head) => {
    expect(parseFrame({ ...broadcast, head })).toBeUndefined();
  });

  test.each([-1, Infinity, '6'])('lets somebody type for %s seconds', (seconds) => {
    const shown = { ...head, action: 'typing', user: { username: 'bob' }, expires_in: seconds };
    expect(parseFrame(shown)).toBeUndefined();
  });

  test('cannot reach the prototype of anything', () => {
    const text = JSON.stringify({ ...broadcast, message: { ...entry, reactions: {} } });
    const evil = text.replace(
      '"reactions":{',
      '"__proto__":{"admin":["x"]},"reactions":{"__proto__":["x"]',
    );
    const read = parseFrame(JSON.parse(evil));
    expect(read).toEqual({ ...broadcast, message: { ...entry, reactions: {} } });
    expect(read).not.toHaveProperty('message.admin');
  });
});

describe('a frame that no schema knows fails a test', () => {
  test.each<[place: string, frame: unknown]>([
    ['new_message success: color', { ...broadcast, color: 'red' }],
    ['new_message success: message.stars', { ...broadcast, message: { ...entry, stars: 5 } }],
    ['new_message success: message.seq', { ...broadcast, message: { ...entry, seq: 0 } }],
    ['new_message success: message.kind', { ...broadcast, message: { ...entry, kind: 'poll' } }],
    ['null error: code', { ...refused, code: 'too_late', error_message: 'Too late' }],
    ['video success: action', { ...head, action: 'video' }],
    ['new_message late: ', { ...broadcast, status: 'late' }],
    [
      'sync success: rooms.lobby.entries.0.seq',
      {
        uuid: '1',
        action: 'sync',
        status: 'success',
        rooms: { lobby: { entries: [{ ...entry, seq: 0 }], head: 1 } },
      },
    ],
    [
      'sync success: rooms.attic.code',
      {
        uuid: '1',
        action: 'sync',
        status: 'success',
        rooms: { attic: { code: 'gone', error_message: '' } },
      },
    ],
  ])('by its action and the place: %s', (place, frame) => {
    expect(faultOf(frame)).toContain(place);
  });

  test("but not by API Gateway's own errors", () => {
    expect(
      faultOf({ message: 'Internal server error', connectionId: 'a', requestId: 'b' }),
    ).toBeUndefined();
  });
});

test('the frames that docs/protocol.md shows are as the schemas say', () => {
  const text = readFileSync(new URL('../../docs/protocol.md', import.meta.url), 'utf8');
  const shown = [...text.matchAll(/```json\n([\s\S]*?)```/g)]
    .flatMap(([, block = '']) => block.split(/\n(?=\{)/).map((frame): unknown => JSON.parse(frame)))
    .filter((frame) => v.is(v.object({ status: v.string() }), frame));
  expect(shown.length).toBeGreaterThan(10);
  expect(shown.map(faultOf).filter((fault) => fault !== undefined)).toEqual([]);
});
