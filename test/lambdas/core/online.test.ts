import { describe, expect, test } from 'vitest';

import { createOnline } from '../../../lambdas/core/online.ts';
import { shardOf, shardsOf } from '../../../lambdas/core/shards.ts';
import { scriptedDynamoDb } from './scripted-dynamodb.ts';

const TABLE = 'Connections';
const ann = { connection: 'c1', user: 'ann', features: ['ack'] } as const;
const rooms = (count: number) => Array.from({ length: count }, (_, index) => `room${index}`);

/** Of rooms with so many shards. */
const onlineOf = (answers: Parameters<typeof scriptedDynamoDb>[0], shards = 1) => {
  const db = scriptedDynamoDb(answers);
  const sizes = { shards: async () => () => shards };
  return { db, online: createOnline({ db, table: TABLE, sizes, now: () => 1_000_000 }) };
};

interface BatchWrite {
  readonly RequestItems: Readonly<Record<string, readonly object[]>>;
}
const writesOf = (input: object) => (input as BatchWrite).RequestItems[TABLE] ?? [];
const unprocessed = (writes: readonly object[]) => ({ UnprocessedItems: { [TABLE]: writes } });

const partitions = (writes: readonly object[]) =>
  writes.flatMap((write) => JSON.stringify(write).match(/(?:room|view|user)#[^"]*/) ?? []);

describe('of a room with 16 shards', () => {
  test('a connection enters the one that is its own', async () => {
    const { db, online } = onlineOf({ BatchWriteItem: [{}] }, 16);
    await online.enter(ann, ['r']);
    const writes = db.calls.flatMap(({ input }) => writesOf(input));
    expect(partitions(writes)).toEqual(['user#ann', `room#r#${shardOf('c1', 16)}`]);
  });

  test('a connection leaves every one that it has ever been in', async () => {
    const { db, online } = onlineOf({ BatchWriteItem: [{}] }, 16);
    await online.leave('c1', 'ann', ['r'], 'r');
    const writes = db.calls.flatMap(({ input }) => writesOf(input));
    const rows = shardsOf('c1', 16).map((shard) => `room#r#${shard}`);
    expect(partitions(writes)).toEqual(['user#ann', ...rows, 'view#r#0']);
  });
});

test('[P8] who is put out of a room is taken from all shards there can be, whatever is known', async () => {
  const { db, online } = onlineOf({ BatchWriteItem: [{}] });
  await online.leaveRoom('r', ['c1']);
  const writes = db.calls.flatMap(({ input }) => writesOf(input));
  const rows = shardsOf('c1', 64).map((shard) => `room#r#${shard}`);
  expect(rows.length).toBeGreaterThan(2);
  expect(partitions(writes)).toEqual([...rows, 'view#r#0']);
});

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

test("a user's connections are asked for in a partition of their own", async () => {
  const row = { pk: { S: 'user#ann' }, sk: { S: 'c1' }, user: { S: 'ann' } };
  const { db, online } = onlineOf({ Query: [{ Items: [row] }] });
  expect(await online.devicesOf('ann')).toEqual([{ connection: 'c1', user: 'ann', features: [] }]);
  expect(db.calls.map(({ input }) => input)).toMatchObject([
    { ExpressionAttributeValues: { ':partition': { S: 'user#ann' } } },
  ]);
});
