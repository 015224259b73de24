import { describe, expect, test } from 'vitest';

import {
  type EngineRecord,
  type StreamViewType,
  toStreamRecord,
} from '../../../emulator/dynamodb/stream-record.ts';

const Keys = { id: { S: 'x' } };
const older = { ...Keys, n: { N: '1' } };
const newer = { ...Keys, n: { N: '2' } };

const record = (change: Partial<EngineRecord['dynamodb']> = {}): EngineRecord => ({
  eventName: 'MODIFY',
  dynamodb: {
    ApproximateCreationDateTime: 1_700_000_000,
    Keys,
    OldImage: older,
    NewImage: newer,
    SequenceNumber: '17',
    ...change,
  },
});

const view = (viewType: StreamViewType) => ({
  arn: 'arn:aws:dynamodb:r:a:table/T/stream/l',
  region: 'r',
  viewType,
  clockAheadMs: 0,
});

describe('the view type', () => {
  test.each([
    ['KEYS_ONLY', {}],
    ['NEW_IMAGE', { NewImage: newer }],
    ['OLD_IMAGE', { OldImage: older }],
    ['NEW_AND_OLD_IMAGES', { OldImage: older, NewImage: newer }],
  ] as const)('%s shows no more than it says', (viewType, images) => {
    const { ApproximateCreationDateTime, SequenceNumber, SizeBytes, StreamViewType, ...shown } =
      toStreamRecord(record(), view(viewType))?.dynamodb ?? expect.fail();
    expect(shown).toEqual({ Keys, ...images });
    expect(StreamViewType).toBe(viewType);
    expect([ApproximateCreationDateTime, SequenceNumber]).toEqual([
      1_700_000_000,
      '000000000000000000017',
    ]);
    expect(SizeBytes).toBe(3 + 6 * Object.keys(images).length);
  });
});

test('[INF f] SizeBytes counts names and values, the keys in every image again', () => {
  const key = { my_partition_key: { S: 'hello world' } };
  const image = { ...key, binary_key: { B: Buffer.from('foobar').toString('base64') } };
  const inserted: EngineRecord = {
    eventName: 'INSERT',
    dynamodb: {
      ApproximateCreationDateTime: 1,
      Keys: key,
      NewImage: image,
      SequenceNumber: '1',
    },
  };
  expect(toStreamRecord(inserted, view('NEW_IMAGE'))?.dynamodb.SizeBytes).toBe(70);
});

test.each([
  ['equal images', { a: { S: 'x' } }, { a: { S: 'x' } }, true],
  ['sets in another order', { a: { NS: ['1', '2'] } }, { a: { NS: ['2', '1'] } }, true],
  [
    'sets within maps',
    { m: { M: { a: { SS: ['p', 'q'] } } } },
    { m: { M: { a: { SS: ['q', 'p'] } } } },
    true,
  ],
  [
    'attributes in another order',
    { a: { S: '' }, b: { S: '' } },
    { b: { S: '' }, a: { S: '' } },
    true,
  ],
  [
    'lists in another order',
    { a: { L: [{ S: '1' }, { S: '2' }] } },
    { a: { L: [{ S: '2' }, { S: '1' }] } },
    false,
  ],
  ['another type', { a: { S: '1' } }, { a: { N: '1' } }, false],
  ['an attribute more', { a: { S: '1' } }, { a: { S: '1' }, b: { NULL: true as const } }, false],
])('[DOC f1] a change is told from none: %s', (_what, OldImage, NewImage, same) => {
  const shown = toStreamRecord(record({ OldImage, NewImage }), view('KEYS_ONLY'));
  expect(shown === undefined).toBe(same);
});

test('an event id is stable and no two records share one', () => {
  const id = (sequenceNumber: string, arn: string) =>
    toStreamRecord(record({ SequenceNumber: sequenceNumber }), { ...view('KEYS_ONLY'), arn })
      ?.eventID;
  const ids = [id('1', 'a'), id('2', 'a'), id('1', 'b')];
  expect(new Set(ids).size).toBe(3);
  expect(id('1', 'a')).toBe(ids[0]);
  expect(ids[0]).toMatch(/^[0-9a-f]{32}$/);
});

test('[DOC f2] a removal by expiry names DynamoDB as its user', () => {
  const removed: EngineRecord = {
    eventName: 'REMOVE',
    dynamodb: { ApproximateCreationDateTime: 1, Keys, OldImage: older, SequenceNumber: '1' },
  };
  const byService = { ...removed, userIdentity: { type: 'Service' } };
  expect(toStreamRecord(byService, view('KEYS_ONLY'))?.userIdentity).toEqual({
    type: 'Service',
    principalId: 'dynamodb.amazonaws.com',
  });
  expect(toStreamRecord(removed, view('KEYS_ONLY'))).not.toHaveProperty('userIdentity');
});
