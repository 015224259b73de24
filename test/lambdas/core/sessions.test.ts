import { describe, expect, test } from 'vitest';

import { DynamoDbError } from '../../../lambdas/core/aws/dynamodb.ts';
import { createSessions } from '../../../lambdas/core/sessions.ts';
import { scriptedDynamoDb } from './scripted-dynamodb.ts';

const NOW = 1_000_500;
const KEY = { pk: { S: 'c1' }, sk: { S: 'session' } };
const ann = { user: 'ann', features: ['ack', 'batch'], until: 9_000_000 } as const;

const conditionFailed = new DynamoDbError('ConditionalCheckFailedException', '', undefined);
const down = new DynamoDbError('InternalServerError', 'down', undefined);

function sessionsOf(answers: Parameters<typeof scriptedDynamoDb>[0]) {
  const db = scriptedDynamoDb(answers);
  return { db, sessions: createSessions({ db, table: 'Connections', now: () => NOW }) };
}

describe('a connection', () => {
  test('that opens has a row, of nobody, which expires after the connection must', async () => {
    const { db, sessions } = sessionsOf({ PutItem: [{}] });
    await sessions.open('c1');
    expect(db.calls).toEqual([
      {
        operation: 'PutItem',
        input: {
          TableName: 'Connections',
          Item: {
            ...KEY,
            connectedAt: { N: String(NOW) },
            expires: { N: String(1_001 + 2 * 3_600 + 600) },
          },
        },
      },
    ]);
  });

  test('that closes has none any more, and names who spoke, and where that one looked', async () => {
    const { db, sessions } = sessionsOf({
      DeleteItem: [{ Attributes: { ...KEY, user: { S: 'ann' }, looksAt: { S: 'lobby' } } }],
    });
    expect(await sessions.close('c1')).toEqual({ user: 'ann', looksAt: 'lobby' });
    expect(db.calls[0]?.input).toMatchObject({ Key: KEY, ReturnValues: 'ALL_OLD' });
  });

  test.each([
    ['nobody had signed in', { Attributes: KEY }],
    ['it had closed before', {}],
  ])('that closes names nobody when %s', async (_what, answer) => {
    expect(await sessionsOf({ DeleteItem: [answer] }).sessions.close('c1')).toEqual({});
  });
});

describe('[A1] signing in', () => {
  test('fills the row with who speaks, until when, and what its client can bear', async () => {
    const { db, sessions } = sessionsOf({ UpdateItem: [{ Attributes: KEY }] });
    expect(await sessions.fill('c1', ann)).toEqual({});
    expect(db.calls).toEqual([
      {
        operation: 'UpdateItem',
        input: {
          TableName: 'Connections',
          Key: KEY,
          UpdateExpression: 'SET #user = :user, validUntil = :until, features = :features',
          ConditionExpression: 'attribute_exists(pk)',
          ExpressionAttributeNames: { '#user': 'user' },
          ExpressionAttributeValues: {
            ':user': { S: 'ann' },
            ':until': { N: '9000000' },
            ':features': { SS: ['ack', 'batch'] },
          },
          ReturnValues: 'ALL_OLD',
        },
      },
    ]);
  });

  test('[A7] takes the features of the session before away: a set cannot be empty', async () => {
    const { db, sessions } = sessionsOf({ UpdateItem: [{}] });
    await sessions.fill('c1', { ...ann, features: [] });
    expect(db.calls[0]?.input).toMatchObject({
      UpdateExpression: 'SET #user = :user, validUntil = :until REMOVE features',
      ExpressionAttributeValues: { ':user': { S: 'ann' }, ':until': { N: '9000000' } },
    });
    expect(db.calls[0]?.input).not.toHaveProperty(['ExpressionAttributeValues', ':features']);
  });

  test('names who spoke before', async () => {
    const { sessions } = sessionsOf({
      UpdateItem: [{ Attributes: { ...KEY, user: { S: 'bob' } } }],
    });
    expect(await sessions.fill('c1', ann)).toEqual({ previous: 'bob' });
  });

  test('brings no row back that was closed in the meantime', async () => {
    expect(await sessionsOf({ UpdateItem: [conditionFailed] }).sessions.fill('c1', ann)).toBe(
      'gone',
    );
  });

  test('fails when DynamoDB does', async () => {
    await expect(sessionsOf({ UpdateItem: [down] }).sessions.fill('c1', ann)).rejects.toThrow(
      'down',
    );
  });
});

describe('signing out', () => {
  test('leaves the row, of nobody: the socket is still open', async () => {
    const { db, sessions } = sessionsOf({ UpdateItem: [{}] });
    await sessions.signOut('c1');
    expect(db.calls[0]?.input).toMatchObject({
      Key: KEY,
      UpdateExpression: 'REMOVE #user, validUntil, features',
      ConditionExpression: 'attribute_exists(pk)',
    });
  });

  test('of a connection that is no more is done', async () => {
    await sessionsOf({ UpdateItem: [conditionFailed] }).sessions.signOut('c1');
    await expect(sessionsOf({ UpdateItem: [down] }).sessions.signOut('c1')).rejects.toThrow('down');
  });
});
