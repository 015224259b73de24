import { describe, expect, test } from 'vitest';

import { positionOf, roomOf, type StreamRecord, toArrival } from '../../../lambdas/core/arrival.ts';

const image = {
  room: { S: 'r' },
  entry: { S: 'ann#u1' },
  user: { S: 'ann' },
  uuid: { S: 'u1' },
  text: { S: 'hello' },
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
      text: 'hello',
      acceptedAt: 1_000,
      position: '100000000000000000001',
    });
  });

  test.each([
    ['no room', { room: undefined }],
    ['an empty user', { user: { S: '' } }],
    ['a user that is a number', { user: { N: '1' } }],
    ['a uuid that is null', { uuid: { NULL: true } }],
    ['a uuid that is no attribute value', { uuid: 'u1' }],
    ['no text', { text: undefined }],
    ['an empty text', { text: { S: '' } }],
    ['a text longer than any that is accepted', { text: { S: 'x'.repeat(8_001) } }],
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

  test('[M4] holds the longest text of emoji', () => {
    const text = '😀'.repeat(4_000);
    expect(toArrival(record({ text: { S: text } }))).toMatchObject({ text });
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
