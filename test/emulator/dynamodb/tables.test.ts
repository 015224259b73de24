import { expect, test } from 'vitest';

import { demand, DYNAMODB, type Endpoint } from '../../../emulator/dynamodb/client.ts';
import { EngineError } from '../../../emulator/dynamodb/engine.ts';
import { createTables } from '../../../emulator/dynamodb/tables.ts';
import type { TableIndex, TableResource } from '../../../emulator/model.ts';
import { startTestEngine, streamed, tableResource } from './database.ts';

const describeTable = async (engine: Endpoint, TableName: string) => {
  const { Table } = await demand(engine, `${DYNAMODB}DescribeTable`, { TableName });
  return Table;
};

const byUser: TableIndex = {
  name: 'ByUser',
  keySchema: [
    { name: 'user', role: 'HASH' },
    { name: 'sk', role: 'RANGE' },
  ],
  projection: { type: 'INCLUDE', attributes: ['name'] },
};

const keyAttributes: TableResource['attributes'] = [
  { name: 'pk', type: 'S' },
  { name: 'sk', type: 'N' },
];
const attributes: TableResource['attributes'] = [...keyAttributes, { name: 'user', type: 'S' }];

test('makes tables with their keys, indexes, stream and expiry', async () => {
  const engine = await startTestEngine([
    streamed('Messages', 'KEYS_ONLY', {
      attributes,
      globalIndexes: [byUser],
      localIndexes: [
        {
          name: 'Local',
          keySchema: [
            { name: 'pk', role: 'HASH' },
            { name: 'user', role: 'RANGE' },
          ],
          projection: { type: 'KEYS_ONLY', attributes: [] },
        },
      ],
      ttlAttribute: 'expires',
    }),
  ]);
  expect(await describeTable(engine, 'Messages')).toMatchObject({
    TableStatus: 'ACTIVE',
    BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    AttributeDefinitions: expect.arrayContaining([{ AttributeName: 'sk', AttributeType: 'N' }]),
    GlobalSecondaryIndexes: [
      {
        IndexName: 'ByUser',
        KeySchema: [{ AttributeName: 'user' }, { AttributeName: 'sk' }],
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['name'] },
      },
    ],
    LocalSecondaryIndexes: [{ IndexName: 'Local', Projection: { ProjectionType: 'KEYS_ONLY' } }],
    // Both images, whatever the model shows of them.
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
  });
  const expiry = await demand(engine, `${DYNAMODB}DescribeTimeToLive`, { TableName: 'Messages' });
  expect(expiry).toEqual({
    TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: 'expires' },
  });
});

test('gives a table without a stream none', async () => {
  const engine = await startTestEngine([tableResource('Users')]);
  expect(await describeTable(engine, 'Users')).not.toHaveProperty('LatestStreamArn');
});

test('keeps the items of a table that is there, and adds what the template has added', async () => {
  const engine = await startTestEngine([tableResource('Messages', { attributes: keyAttributes })]);
  const Item = { pk: { S: 'room' }, sk: { N: '1' }, user: { S: 'ann' } };
  await demand(engine, `${DYNAMODB}PutItem`, { TableName: 'Messages', Item });
  const extended = streamed('Messages', 'NEW_IMAGE', { attributes, globalIndexes: [byUser] });
  await createTables(engine, [extended]);
  await createTables(engine, [extended]);
  const { Items } = await demand(engine, `${DYNAMODB}Query`, {
    TableName: 'Messages',
    IndexName: 'ByUser',
    KeyConditionExpression: '#user = :user',
    ExpressionAttributeNames: { '#user': 'user' },
    ExpressionAttributeValues: { ':user': { S: 'ann' } },
  });
  expect(Items).toEqual([Item]);
  expect(await describeTable(engine, 'Messages')).toHaveProperty('LatestStreamArn');
});

test('refuses another key than the kept data has, naming the table', async () => {
  const engine = await startTestEngine([tableResource('Messages')]);
  const changed = tableResource('Messages', { keySchema: [{ name: 'pk', role: 'HASH' }] });
  const refused = createTables(engine, [changed]);
  await expect(refused).rejects.toThrow(EngineError);
  await expect(refused).rejects.toThrow(
    'App/Messages/Resource: the key is now (pk HASH), but the data that was kept has (pk HASH, sk RANGE)',
  );
});

test('names the table that the engine refuses', async () => {
  const engine = await startTestEngine([]);
  const tooShort = createTables(engine, [tableResource('T')]);
  await expect(tooShort).rejects.toThrow(EngineError);
  await expect(tooShort).rejects.toThrow(/^App\/T\/Resource: .*length greater than or equal to 3/);
});
