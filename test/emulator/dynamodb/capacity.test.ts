/**
 * What operations consume, measured through the front on the real engine. The expected units are
 * AWS's rules, not the engine's answers.
 */
import { PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';

import {
  cancelledCapacity,
  failedConditionCapacity,
  reportedCapacity,
  withCapacityLevel,
} from '../../../emulator/dynamodb/capacity.ts';
import type { Json } from '../../../emulator/dynamodb/client.ts';
import type { TableResource } from '../../../emulator/model.ts';
import { openDatabase, roleThat, tableResource } from './database.ts';

const S = (text: string) => ({ S: text });
const bytes = (count: number) => S('x'.repeat(count));
const key = (sk: string) => ({ pk: S('a'), sk: S(sk) });
const T = { TableName: 'Items' };

const table: TableResource = tableResource('Items', {
  attributes: [
    { name: 'pk', type: 'S' },
    { name: 'sk', type: 'S' },
    { name: 'user', type: 'S' },
  ],
  globalIndexes: [
    {
      name: 'ByUser',
      keySchema: [{ name: 'user', role: 'HASH' }],
      projection: { type: 'ALL', attributes: [] },
    },
    {
      name: 'KeysByUser',
      keySchema: [{ name: 'user', role: 'HASH' }],
      projection: { type: 'KEYS_ONLY', attributes: [] },
    },
  ],
});

/** There at the beginning of every case: 2.5 KB with a user, 9 KB without one, and a small one. */
const ITEMS = [
  { ...key('user'), data: bytes(2500), user: S('ann') },
  { ...key('large'), data: bytes(9000) },
  { ...key('small') },
];

const write = (units: number) => ({ write: units, read: 0 });
const read = (units: number) => ({ write: 0, read: units });
const query = {
  ...T,
  KeyConditionExpression: 'pk = :pk',
  ExpressionAttributeValues: { ':pk': S('a') },
};
const ofUser = {
  ...T,
  KeyConditionExpression: '#user = :user',
  ExpressionAttributeNames: { '#user': 'user' },
  ExpressionAttributeValues: { ':user': S('ann') },
};
const missing = { ConditionExpression: 'attribute_not_exists(pk)' };
const set = (value: Json) => ({
  UpdateExpression: 'SET #a = :value',
  ExpressionAttributeNames: { '#a': 'attribute' },
  ExpressionAttributeValues: { ':value': value },
});

const CASES: readonly (readonly [string, string, Json, { write: number; read: number }])[] = [
  ['a unit for a small item', 'PutItem', { ...T, Item: key('new') }, write(1)],
  [
    'a unit for every KB',
    'PutItem',
    { ...T, Item: { ...key('new'), data: bytes(2500) } },
    write(3),
  ],
  ['the larger of old and new', 'PutItem', { ...T, Item: key('large') }, write(9)],
  [
    'indexes too',
    'PutItem',
    { ...T, Item: { ...key('new'), data: bytes(2500), user: S('bob') } },
    write(3 + 3 + 1),
  ],
  [
    'no index when nothing changed in it',
    'PutItem',
    { ...T, Item: { ...key('user'), data: bytes(2500), user: S('ann') } },
    write(3),
  ],
  [
    'two writes for a changed index key',
    'PutItem',
    { ...T, Item: { ...key('user'), data: bytes(2500), user: S('bob') } },
    write(3 + 6 + 2),
  ],
  [
    'the whole item for an update',
    'UpdateItem',
    { ...T, Key: key('large'), ...set(S('')) },
    write(9),
  ],
  [
    'a deletion by its size, and in indexes',
    'DeleteItem',
    { ...T, Key: key('user') },
    write(3 + 3 + 1),
  ],
  ['a unit to delete nothing', 'DeleteItem', { ...T, Key: key('none') }, write(1)],
  [
    'each item of a batch',
    'BatchWriteItem',
    {
      RequestItems: {
        Items: [{ PutRequest: { Item: key('new') } }, { DeleteRequest: { Key: key('large') } }],
      },
    },
    write(1 + 9),
  ],
  [
    'twice in a transaction',
    'TransactWriteItems',
    {
      TransactItems: [
        { Put: { ...T, Item: key('new') } },
        { Update: { ...T, Key: key('large'), ...set(S('')) } },
      ],
    },
    write(2 + 18),
  ],
  [
    'a condition of a transaction as a write',
    'TransactWriteItems',
    {
      TransactItems: [
        {
          ConditionCheck: { ...T, Key: key('large'), ConditionExpression: 'attribute_exists(pk)' },
        },
      ],
    },
    write(18),
  ],
  [
    'a failed condition by what is there',
    'PutItem',
    { ...T, Item: key('large'), ...missing },
    write(9),
  ],
  [
    'a failed condition by what was to be put',
    'PutItem',
    { ...T, Item: { ...key('small'), data: bytes(2500) }, ...missing },
    write(3),
  ],
  [
    'a failed condition of an update',
    'UpdateItem',
    { ...T, Key: key('large'), ...set(S('')), ...missing },
    write(9),
  ],
  [
    'a failed condition of a deletion',
    'DeleteItem',
    { ...T, Key: key('large'), ...missing },
    write(9),
  ],
  [
    'a failed condition on nothing',
    'UpdateItem',
    { ...T, Key: key('none'), ...set(S('')), ConditionExpression: 'attribute_exists(pk)' },
    write(1),
  ],
  ['half a unit for 4 KB', 'GetItem', { ...T, Key: key('user') }, read(0.5)],
  [
    'a unit for 4 KB read consistently',
    'GetItem',
    { ...T, Key: key('user'), ConsistentRead: true },
    read(1),
  ],
  ['half a unit for each 4 KB', 'GetItem', { ...T, Key: key('large') }, read(1.5)],
  [
    'the whole item for a projection in a transaction',
    'TransactGetItems',
    { TransactItems: [{ Get: { ...T, Key: key('large'), ProjectionExpression: 'pk' } }] },
    read(6),
  ],
  [
    'the whole item for a projection in a batch',
    'BatchGetItem',
    { RequestItems: { Items: { Keys: [key('large')], ProjectionExpression: 'pk' } } },
    read(1.5),
  ],
  [
    'the whole item for a projection of a consistent read',
    'GetItem',
    { ...T, Key: key('large'), AttributesToGet: ['pk'], ConsistentRead: true },
    read(3),
  ],
  [
    'the whole item for a projection',
    'GetItem',
    { ...T, Key: key('large'), ProjectionExpression: 'pk' },
    read(1.5),
  ],
  ['half a unit for nothing', 'GetItem', { ...T, Key: key('none') }, read(0.5)],
  [
    'each item of a batch, rounded up by itself',
    'BatchGetItem',
    { RequestItems: { Items: { Keys: [key('user'), key('large'), key('none')] } } },
    read(2.5),
  ],
  [
    'two units for 4 KB in a transaction',
    'TransactGetItems',
    { TransactItems: [{ Get: { ...T, Key: key('user') } }, { Get: { ...T, Key: key('large') } }] },
    read(2 + 6),
  ],
  ['a query by the sum of its items', 'Query', query, read(1.5)],
  ['a consistent query twice that', 'Query', { ...query, ConsistentRead: true }, read(3)],
  [
    'what a filter takes away',
    'Query',
    { ...query, FilterExpression: 'attribute_exists(nothing)' },
    read(1.5),
  ],
  [
    'half a unit for a query that finds nothing',
    'Query',
    { ...query, ExpressionAttributeValues: { ':pk': S('none') } },
    read(0.5),
  ],
  ['an index', 'Query', { ...ofUser, IndexName: 'ByUser' }, read(0.5)],
  ['a scan by the sum of its items', 'Scan', T, read(1.5)],
];

describe('the front meters', () => {
  test.each(CASES)('%s: %s', async (_what, operation, input, units) => {
    const { service, meter } = await openDatabase([table]);
    const ask = (name: string, body: Json) =>
      service({
        method: 'POST',
        path: '/',
        headers: { 'x-amz-target': `DynamoDB_20120810.${name}` },
        body: Buffer.from(JSON.stringify(body)),
        principal: roleThat(['dynamodb:*'], ['*']),
      });
    const requests = ITEMS.map((Item) => ({ PutRequest: { Item } }));
    await ask('BatchWriteItem', { RequestItems: { Items: requests } });
    meter.reset();
    const { body } = await ask(operation, input);
    const counts = meter.read();
    const unitsOf = (name: string) =>
      Object.values(counts[`dynamodb.${name}`] ?? {}).reduce((sum, units) => sum + units, 0);
    expect({ write: unitsOf('write'), read: unitsOf('read') }).toEqual(units);
    expect(counts['dynamodb.calls']).toEqual({ [table.path]: 1 });
    // Nothing of this was asked for.
    expect(JSON.parse(String(body))).not.toHaveProperty('ConsumedCapacity');
    const error = JSON.parse(String(body)) as { __type?: string; Item?: object };
    if (error.__type !== undefined) expect(error).not.toHaveProperty('Item');
  });
});

test('[DOC m1] an index is metered apart from its table', async () => {
  const { client, meter } = await openDatabase([table]);
  const Item = { ...key('user'), data: bytes(2500), user: S('ann') };
  await client.send(new PutItemCommand({ ...T, Item }));
  await client.send(new QueryCommand({ ...ofUser, IndexName: 'ByUser' }));
  expect(meter.read()).toMatchObject({
    'dynamodb.write': {
      [table.path]: 3,
      [`${table.path}/index/ByUser`]: 3,
      [`${table.path}/index/KeysByUser`]: 1,
    },
    'dynamodb.read': { [`${table.path}/index/ByUser`]: 0.5 },
  });
});

test('an engine that does not tell indexes apart has everything counted for the table', () => {
  const ConsumedCapacity = { TableName: 'T', CapacityUnits: 5 };
  expect(reportedCapacity('PutItem', {}, { ConsumedCapacity })).toEqual([
    { table: 'T', read: 0, write: 5 },
  ]);
});

test('[DOC q2] a failed condition costs at least a unit', () => {
  expect(failedConditionCapacity({ TableName: 'T' }, undefined)).toEqual({
    table: 'T',
    read: 0,
    write: 1,
  });
});

test('[UNV m] a cancelled transaction costs as much as if it had written', () => {
  const put = { Put: { TableName: 'A', Item: { pk: bytes(1500) } } };
  const remove = { Delete: { TableName: 'B', Key: key('x') } };
  expect(cancelledCapacity({ TransactItems: [put, remove] })).toEqual([
    { table: 'A', read: 0, write: 4 },
    { table: 'B', read: 0, write: 2 },
  ]);
});

describe('[DOC q3] what the caller is told of capacity', () => {
  const capacity = {
    TableName: 'T',
    CapacityUnits: 2,
    Table: { CapacityUnits: 1 },
    GlobalSecondaryIndexes: { G: { CapacityUnits: 1 } },
  };
  const total = { TableName: 'T', CapacityUnits: 2 };
  test.each([
    ['INDEXES', capacity, capacity],
    ['TOTAL', capacity, total],
    ['TOTAL', [capacity], [total]],
    ['NONE', capacity, undefined],
    [undefined, capacity, undefined],
  ])('is what was asked for: %s', (level, ConsumedCapacity, told) => {
    expect(withCapacityLevel({ Count: 1, ConsumedCapacity }, level)).toEqual(
      told === undefined ? { Count: 1 } : { Count: 1, ConsumedCapacity: told },
    );
  });
});
