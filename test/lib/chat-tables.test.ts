import { describe, expect, test } from 'vitest';

import { chatTemplate } from './chat-template.ts';

const TYPE = 'AWS::DynamoDB::Table';
const TABLES = ['Users', 'Rooms', 'Connections', 'Inbox', 'Messages'] as const;

const chat = chatTemplate();
const unprotected = chatTemplate({ protectData: false });
const table = (name: string) => chat.properties(TYPE, `ChatTables${name}`);

test('there are five tables', () => {
  expect(chat.ofType(TYPE).size).toBe(5);
});

describe.each(TABLES)('%s', (name) => {
  test('is paid for by the request', () => {
    expect(table(name)).toMatchObject({ BillingMode: 'PAY_PER_REQUEST' });
    expect(table(name)).not.toHaveProperty('ProvisionedThroughput');
  });

  test('can be restored to any second', () => {
    expect(table(name)).toMatchObject({
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
  });

  test('is encrypted with a key of the account', () => {
    expect(table(name)).toMatchObject({ SSESpecification: { SSEEnabled: true } });
  });

  test('is not deleted by mistake, nor with its stack', () => {
    expect(table(name)).toMatchObject({ DeletionProtectionEnabled: true });
    const [resource] = [...chat.ofType(TYPE)].filter(([id]) => id.includes(name));
    expect(resource?.[1]).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
  });

  test('goes with its stack when its data are not protected', () => {
    const [resource] = [...unprotected.ofType(TYPE)].filter(([id]) => id.includes(name));
    expect(resource?.[1]).toMatchObject({
      DeletionPolicy: 'Delete',
      UpdateReplacePolicy: 'Delete',
      Properties: { DeletionProtectionEnabled: false },
    });
  });

  test('has a name that AWS makes, so that it can be replaced', () => {
    expect(table(name)).not.toHaveProperty('TableName');
  });
});

test.each([
  ['Users', 'user', 'entry'],
  ['Rooms', 'room', 'entry'],
  ['Connections', 'pk', 'sk'],
  ['Inbox', 'room', 'entry'],
  ['Messages', 'room', 'seq'],
])('the key of %s is %s, %s', (name, partition, sort) => {
  expect(table(name)['KeySchema']).toEqual([
    { AttributeName: partition, KeyType: 'HASH' },
    { AttributeName: sort, KeyType: 'RANGE' },
  ]);
});

test('[L1] the numbers of the log are sorted as numbers', () => {
  expect(table('Messages')['AttributeDefinitions']).toContainEqual({
    AttributeName: 'seq',
    AttributeType: 'N',
  });
});

test('rooms are listed by user through an index of keys alone', () => {
  expect(table('Rooms')['GlobalSecondaryIndexes']).toContainEqual({
    IndexName: 'byUser',
    KeySchema: [
      { AttributeName: 'user', KeyType: 'HASH' },
      { AttributeName: 'room', KeyType: 'RANGE' },
    ],
    Projection: { ProjectionType: 'KEYS_ONLY' },
  });
});

test.each(['Users', 'Connections', 'Inbox'])('rows of %s expire', (name) => {
  expect(table(name)['TimeToLiveSpecification']).toEqual({
    AttributeName: 'expires',
    Enabled: true,
  });
});

test.each(['Rooms', 'Messages'])('rows of %s are kept', (name) => {
  expect(table(name)).not.toHaveProperty('TimeToLiveSpecification');
});

test.each(['Inbox', 'Messages'])('%s has a stream of what was written', (name) => {
  expect(table(name)['StreamSpecification']).toEqual({ StreamViewType: 'NEW_IMAGE' });
});

test.each(['Rooms', 'Connections'])('%s has a stream of what was written over what', (name) => {
  expect(table(name)['StreamSpecification']).toEqual({ StreamViewType: 'NEW_AND_OLD_IMAGES' });
});

test('Users, where the tokens are, has no stream', () => {
  expect(table('Users')).not.toHaveProperty('StreamSpecification');
});
