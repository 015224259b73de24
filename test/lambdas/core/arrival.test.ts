import { describe, expect, test } from 'vitest';

import {
  isErased,
  positionOf,
  roomOf,
  type StreamRecord,
  toArrival,
} from '../../../lambdas/core/arrival.ts';
import type { Content } from '../../../protocol/content.ts';

const saying = (content: unknown) => ({ content: { S: JSON.stringify(content) } });

const image = {
  room: { S: 'r' },
  entry: { S: 'ann#u1' },
  user: { S: 'ann' },
  uuid: { S: 'u1' },
  action: { S: 'new_message' },
  ...saying({ kind: 'message', text: 'hello' }),
  nonce: { S: 'chance' },
  acceptedAt: { N: '1000' },
  expires: { N: '9' },
};

const record = (changes: object = {}): StreamRecord => ({
  dynamodb: {
    Keys: { room: { S: 'r' }, entry: { S: 'ann#u1' } },
    NewImage: { ...image, ...changes },
    SequenceNumber: '100000000000000000001',
  },
});

describe('a record of the stream', () => {
  test('is an arrival: what was accepted, when, and its place', () => {
    expect(toArrival(record())).toEqual({
      room: 'r',
      user: 'ann',
      uuid: 'u1',
      action: 'new_message',
      content: { kind: 'message', text: 'hello' },
      nonce: 'chance',
      acceptedAt: 1_000,
      position: '100000000000000000001',
    });
  });

  test.each<Content>([
    { kind: 'message', text: 'hi', reply_to: 1, mentions: ['bob'], meta: { deep: [null] } },
    { kind: 'edit', target: 1, text: 'hi', mentions: [] },
    { kind: 'delete', target: 1 },
    { kind: 'reaction', target: 1, emoji: '👍' },
    { kind: 'reaction', target: 1, emoji: '👍', remove: true },
    { kind: 'pin', target: 1, pinned: false },
    { kind: 'join', member: 'bob' },
    { kind: 'leave', member: 'bob', reason: 'kicked' },
    { kind: 'rename', name: 'Tea' },
    { kind: 'role', member: 'bob', role: 'owner' },
  ])('is an arrival that says %j', (content) => {
    expect(toArrival(record(saying(content)))).toMatchObject({ content });
  });

  test('[M11] has the head it was meant for, 0 included', () => {
    expect(toArrival(record({ ifHead: { N: '0' } }))).toMatchObject({ ifHead: 0 });
    expect(toArrival(record())).not.toHaveProperty('ifHead');
  });

  test('may lack its action and its nonce, as a row that a backend wrote', () => {
    expect(toArrival(record({ action: undefined, nonce: undefined }))).toMatchObject({
      action: 'new_message',
      nonce: '',
    });
  });

  test('[X2] is one of an erased row, and no arrival', () => {
    const erased = record({ content: undefined, nonce: undefined, erased: { BOOL: true } });
    expect(isErased(erased)).toBe(true);
    expect(toArrival(erased)).toBeUndefined();
    expect(isErased(record())).toBe(false);
    for (const broken of [{}, { dynamodb: {} }, { dynamodb: { NewImage: null } }]) {
      expect(isErased(broken)).toBe(false);
    }
  });

  test.each([
    ['no room', { room: undefined }],
    ['an empty user', { user: { S: '' } }],
    ['a user that is a number', { user: { N: '1' } }],
    ['a uuid that is null', { uuid: { NULL: true } }],
    ['a uuid that is no attribute value', { uuid: 'u1' }],
    ['nothing that it says', { content: undefined }],
    ['words that are no JSON', { content: { S: 'hello' } }],
    ['words of no kind', saying({ text: 'hello' })],
    ['words of an unknown kind', saying({ kind: 'shout', text: 'hello' })],
    ['an empty text', saying({ kind: 'message', text: '' })],
    ['more than any content there is', saying({ kind: 'message', text: 'x'.repeat(65_536) })],
    ['a target that is no number', saying({ kind: 'delete', target: '1' })],
    ['a target before the first entry', saying({ kind: 'pin', target: 0, pinned: true })],
    ['a role that is none', saying({ kind: 'role', member: 'bob', role: 'king' })],
    ['a head that is no number', { ifHead: { N: 'first' } }],
    ['no time', { acceptedAt: undefined }],
    ['a time that is a text', { acceptedAt: { S: '1000' } }],
    ['a time that is no number', { acceptedAt: { N: 'soon' } }],
    ['a time without end', { acceptedAt: { N: 'Infinity' } }],
  ])('is none with %s', (_what, changes) => {
    expect(toArrival(record(changes))).toBeUndefined();
  });

  test.each([
    {},
    { dynamodb: {} },
    { dynamodb: { NewImage: null } },
    { dynamodb: { NewImage: [] } },
  ])('is none when it is %j', (broken) => {
    expect(toArrival(broken)).toBeUndefined();
  });

  test.each(['😀', '\u0001', '好'])('[M4] holds the longest text of %j', (character) => {
    const content = {
      kind: 'message',
      text: character.repeat(4_000),
      mentions: Array.from({ length: 20 }, () => '好'.repeat(64)),
      meta: 'x'.repeat(2_046),
    };
    expect(toArrival(record(saying(content)))).toMatchObject({ content });
  });

  test('keeps of what it says only what its kind has', () => {
    const content = { kind: 'delete', target: 1, text: 'hidden' };
    expect(toArrival(record(saying(content)))?.content).toEqual({ kind: 'delete', target: 1 });
  });

  test('has its room among its keys, even when its image is broken', () => {
    expect(roomOf(record({ room: undefined }))).toBe('r');
    expect(positionOf(record({ room: undefined }))).toBe('100000000000000000001');
  });

  test.each([{}, { dynamodb: { Keys: {} } }, { dynamodb: { Keys: { room: { N: '1' } } } }])(
    'has no room and no place when it is %j',
    (broken) => {
      expect(roomOf(broken)).toBe('');
      expect(positionOf(broken)).toBe('');
    },
  );
});
