import { describe, expect, test } from 'vitest';

import { createOnline } from '../../../lambdas/core/online.ts';
import { scriptedDynamoDb } from './scripted-dynamodb.ts';

const TABLE = 'Connections';
const ann = { connection: 'c1', user: 'ann', features: ['ack'] } as const;
const rooms = (count: number) => Array.from({ length: count }, (_, index) => `room${index}`);

const onlineOf = (answers: Parameters<typeof scriptedDynamoDb>[0]) => {
  const db = scriptedDynamoDb(answers);
  return { db, online: createOnline({ db, table: TABLE, now: () => 1_000_000 }) };
};

interface BatchWrite {
  readonly RequestItems: Readonly<Record<string, readonly object[]>>;
}
const writesOf = (input: object) => (input as BatchWrite).RequestItems[TABLE] ?? [];
const unprocessed = (writes: readonly object[]) => ({ UnprocessedItems: { [TABLE]: writes } });

describe('entering', () => {
  test('writes a row for the user and one for each room, which expire after the connection must', async () => {
    const { db, online } = onlineOf({ BatchWriteItem: [{}] });
    await online.enter(ann, ['r']);
    const attributes = {
      user: { S: 'ann' },
      features: { SS: ['ack'] },
      expires: { N: String(1_000 + 2 * 3_600 + 600) },
    };
    expect(db.calls.flatMap(({ input }) => writesOf(input))).toEqual([
      { PutRequest: { Item: { pk: { S: 'user#ann' }, sk: { S: 'c1' }, ...attributes } } },
      { PutRequest: { Item: { pk: { S: 'room#r#0' }, sk: { S: 'c1' }, ...attributes } } },
    ]);
  });

  test('[A7] writes no features when there are none: a set cannot be empty', async () => {
    const { db, online } = onlineOf({ BatchWriteItem: [{}] });
    await online.enter({ ...ann, features: [] }, ['r']);
    expect(JSON.stringify(db.calls)).not.toContain('features');
  });

  test('writes 25 rows at a time, as many as DynamoDB takes', async () => {
    const { db, online } = onlineOf({ BatchWriteItem: [{}, {}, {}] });
    await online.enter(ann, rooms(59));
    expect(db.calls.map(({ input }) => writesOf(input).length)).toEqual([25, 25, 10]);
  });

  test('sends again what DynamoDB could not take, until all is taken', async () => {
    const { db, online } = onlineOf({
      BatchWriteItem: [
        (input) => unprocessed(writesOf(input).slice(1)),
        (input) => unprocessed(writesOf(input).slice(2)),
        {},
      ],
    });
    await online.enter(ann, rooms(3));
    const [first = [], second = [], third = []] = db.calls.map(({ input }) => writesOf(input));
    expect(first).toHaveLength(4);
    expect(second).toEqual(first.slice(1));
    expect(third).toEqual(second.slice(2));
  });

  test('fails when DynamoDB does', async () => {
    const { online } = onlineOf({ BatchWriteItem: [new Error('down')] });
    await expect(online.enter(ann, ['r'])).rejects.toThrow('down');
  });
});

test('leaving deletes the row of the user and that of each room, and sends again what is left', async () => {
  const { db, online } = onlineOf({
    BatchWriteItem: [(input) => unprocessed(writesOf(input).slice(1)), {}],
  });
  await online.leave('c1', 'ann', ['r']);
  const inRoom = { DeleteRequest: { Key: { pk: { S: 'room#r#0' }, sk: { S: 'c1' } } } };
  expect(db.calls.map(({ input }) => writesOf(input))).toEqual([
    [{ DeleteRequest: { Key: { pk: { S: 'user#ann' }, sk: { S: 'c1' } } } }, inRoom],
    [inRoom],
  ]);
});

describe('reading', () => {
  const row = (connection: string, fields: object = {}) => ({
    pk: { S: 'room#r#0' },
    sk: { S: connection },
    user: { S: 'ann' },
    ...fields,
  });

  test('brings everybody in a room, over all pages', async () => {
    const key = { pk: { S: 'room#r#0' }, sk: { S: 'c1' } };
    const { db, online } = onlineOf({
      Query: [
        { Items: [row('c1', { features: { SS: ['batch', 'unknown'] } })], LastEvaluatedKey: key },
        { Items: [], LastEvaluatedKey: key },
        { Items: [row('c2')] },
      ],
    });
    expect(await online.inRoom('r')).toEqual([
      { connection: 'c1', user: 'ann', features: ['batch'] },
      { connection: 'c2', user: 'ann', features: [] },
    ]);
    expect(db.calls.map(({ input }) => 'ExclusiveStartKey' in input)).toEqual([false, true, true]);
  });

  test('asks for the partition of the room, or of the user, alone', async () => {
    const { db, online } = onlineOf({ Query: [{}, {}] });
    expect(await online.inRoom('r')).toEqual([]);
    expect(await online.devicesOf('ann')).toEqual([]);
    expect(db.calls.map(({ input }) => input)).toMatchObject([
      { ExpressionAttributeValues: { ':partition': { S: 'room#r#0' } } },
      { ExpressionAttributeValues: { ':partition': { S: 'user#ann' } } },
    ]);
  });
});
