import { Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { expect, test } from 'vitest';

import { modelOf } from '../../../support/templates.ts';

const { STRING, NUMBER, BINARY } = dynamodb.AttributeType;
const partitionKey = { name: 'room', type: STRING };

const tableOf = (build: (stack: Stack) => void) => {
  const { tables, unsupported } = modelOf((app) => build(new Stack(app, 'Chat')));
  expect(unsupported).toEqual([]);
  return tables[0];
};

test('a table has its keys, indexes, stream and expiry', () => {
  const table = tableOf((stack) => {
    const declared = new dynamodb.Table(stack, 'Messages', {
      tableName: 'messages',
      partitionKey,
      sortKey: { name: 'seq', type: NUMBER },
      stream: dynamodb.StreamViewType.NEW_AND_OLD_IMAGES,
      timeToLiveAttribute: 'expires',
    });
    declared.addGlobalSecondaryIndex({
      indexName: 'byUser',
      partitionKey: { name: 'user', type: BINARY },
      projectionType: dynamodb.ProjectionType.INCLUDE,
      nonKeyAttributes: ['text'],
    });
    declared.addLocalSecondaryIndex({ indexName: 'byTime', sortKey: { name: 'at', type: NUMBER } });
  });
  const arn = 'arn:aws:dynamodb:us-east-1:000000000000:table/messages';
  expect(table).toEqual({
    logicalId: expect.stringMatching(/^Messages/),
    path: 'Chat/Messages/Resource',
    name: 'messages',
    arn,
    streamArn: `${arn}/stream/2026-01-01T00:00:00.000`,
    streamViewType: 'NEW_AND_OLD_IMAGES',
    keySchema: [
      { name: 'room', role: 'HASH' },
      { name: 'seq', role: 'RANGE' },
    ],
    attributes: [
      { name: 'room', type: 'S' },
      { name: 'seq', type: 'N' },
      { name: 'user', type: 'B' },
      { name: 'at', type: 'N' },
    ],
    globalIndexes: [
      {
        name: 'byUser',
        keySchema: [{ name: 'user', role: 'HASH' }],
        projection: { type: 'INCLUDE', attributes: ['text'] },
      },
    ],
    localIndexes: [
      {
        name: 'byTime',
        keySchema: [
          { name: 'room', role: 'HASH' },
          { name: 'at', role: 'RANGE' },
        ],
        projection: { type: 'ALL', attributes: [] },
      },
    ],
    ttlAttribute: 'expires',
  });
});

test('a table has neither stream nor expiry unless it says so', () => {
  const table = tableOf((stack) => new dynamodb.Table(stack, 'Rooms', { partitionKey }));
  expect(table?.name).toMatch(/^Chat-Rooms/);
  expect(table).not.toHaveProperty('streamArn');
  expect(table).not.toHaveProperty('streamViewType');
  expect(table).not.toHaveProperty('ttlAttribute');
});

test('a table of the second kind is a table like any other', () => {
  const table = tableOf(
    (stack) =>
      new dynamodb.TableV2(stack, 'Rooms', {
        partitionKey,
        dynamoStream: dynamodb.StreamViewType.NEW_IMAGE,
        timeToLiveAttribute: 'expires',
        globalSecondaryIndexes: [
          { indexName: 'byUser', partitionKey: { name: 'u', type: STRING } },
        ],
      }),
  );
  expect(table).toMatchObject({
    path: 'Chat/Rooms/Resource',
    streamArn: expect.stringMatching(/:table\/Chat-Rooms\w+\/stream\//),
    streamViewType: 'NEW_IMAGE',
    ttlAttribute: 'expires',
    globalIndexes: [{ name: 'byUser', projection: { type: 'ALL' } }],
  });
});

test('an expiry that is switched off is none', () => {
  const table = tableOf(
    (stack) =>
      new dynamodb.CfnTable(stack, 'Rooms', {
        keySchema: [{ attributeName: 'room', keyType: 'HASH' }],
        attributeDefinitions: [{ attributeName: 'room', attributeType: 'S' }],
        timeToLiveSpecification: { attributeName: 'expires', enabled: false },
      }),
  );
  expect(table).not.toHaveProperty('ttlAttribute');
});
