import { describe, expect, test } from 'vitest';

import { DynamoDbError, type Item } from '../../../lambdas/core/aws/dynamodb.ts';
import { type Accepted, createInbox } from '../../../lambdas/core/inbox.ts';
import { scriptedDynamoDb } from './scripted-dynamodb.ts';

const NOW = 1_000_500;

const entry: Accepted = {
  room: 'r',
  user: 'ann',
  uuid: 'u1',
  action: 'new_message',
  content: { kind: 'message', text: 'hello', meta: { a: 1 } },
};

const row: Item = { room: { S: 'r' }, entry: { S: 'ann#u1' }, acceptedAt: { N: '7000' } };

const conditionFailed = (item?: Item) =>
  new DynamoDbError('ConditionalCheckFailedException', 'The conditional request failed', item);
const cancelled = (reasons: string) =>
  new DynamoDbError(
    'TransactionCanceledException',
    `Transaction cancelled [${reasons}]`,
    undefined,
  );
const down = new DynamoDbError('InternalServerError', 'down', undefined);

function inboxOf(answers: Parameters<typeof scriptedDynamoDb>[0]) {
  const db = scriptedDynamoDb(answers);
  return { db, inbox: createInbox({ db, table: 'Inbox', days: 30, now: () => NOW }) };
}

/** The put that a call made, alone or in a transaction. */
const putOf = (input: object | undefined) => input as { readonly Item: Item };

describe('accepting', () => {
  test('is one write under the uuid of the sender, on condition that it is new', async () => {
    const { db, inbox } = inboxOf({ PutItem: [{}] });
    expect(await inbox.accept(entry)).toEqual({ acceptedAt: NOW, repeated: false });
    expect(db.calls).toEqual([
      {
        operation: 'PutItem',
        input: {
          TableName: 'Inbox',
          Item: {
            room: { S: 'r' },
            entry: { S: 'ann#u1' },
            user: { S: 'ann' },
            uuid: { S: 'u1' },
            action: { S: 'new_message' },
            content: { S: '{"kind":"message","text":"hello","meta":{"a":1}}' },
            nonce: { S: expect.stringMatching(/^[\w-]{22}$/) as string },
            acceptedAt: { N: String(NOW) },
            expires: { N: String(1_001 + 30 * 86_400) },
          },
          ConditionExpression: 'attribute_not_exists(room)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      },
    ]);
  });

  test('[L4] gives each entry 128 bits of chance of its own', async () => {
    const { db, inbox } = inboxOf({ PutItem: Array.from({ length: 100 }, () => ({})) });
    for (let index = 0; index < 100; index += 1) await inbox.accept(entry);
    const nonces = db.calls.map(({ input }) => JSON.stringify(putOf(input).Item['nonce']));
    expect(new Set(nonces).size).toBe(100);
  });

  test.each([0, 7])('[M11] keeps the head %d that the sender meant', async (ifHead) => {
    const { db, inbox } = inboxOf({ PutItem: [{}] });
    await inbox.accept({ ...entry, ifHead });
    expect(putOf(db.calls[0]?.input).Item['ifHead']).toEqual({ N: String(ifHead) });
  });

  test('fails when DynamoDB does', async () => {
    await expect(inboxOf({ PutItem: [down] }).inbox.accept(entry)).rejects.toThrow('down');
  });
});

describe('[M6] a uuid that was accepted before', () => {
  test('is a success that changes nothing, with the time of the first', async () => {
    const { db, inbox } = inboxOf({ PutItem: [conditionFailed(row)] });
    expect(await inbox.accept(entry)).toEqual({ acceptedAt: 7_000, repeated: true });
    expect(db.calls).toHaveLength(1);
  });

  test('[M11] has the head of the first, whatever the repeat says', async () => {
    const { inbox } = inboxOf({ PutItem: [conditionFailed({ ...row, ifHead: { N: '0' } })] });
    expect(await inbox.accept({ ...entry, ifHead: 9 })).toEqual({
      acceptedAt: 7_000,
      repeated: true,
      ifHead: 0,
    });
  });

  test('[X2] is still known when what it said was erased', async () => {
    const erased: Item = { ...row, erased: { BOOL: true } };
    const { inbox } = inboxOf({ PutItem: [conditionFailed(erased)] });
    expect(await inbox.accept(entry)).toEqual({ acceptedAt: 7_000, repeated: true });
  });

  test('can be asked for without accepting anything', async () => {
    const { db, inbox } = inboxOf({ GetItem: [{ Item: row }, {}] });
    expect(await inbox.before(entry)).toEqual({ acceptedAt: 7_000, repeated: true });
    expect(await inbox.before(entry)).toBeUndefined();
    expect(db.calls[0]?.input).toEqual({
      TableName: 'Inbox',
      Key: { room: { S: 'r' }, entry: { S: 'ann#u1' } },
      ConsistentRead: true,
    });
  });
});

describe('accepting together with other writes', () => {
  const also = [{ Delete: { TableName: 'Rooms', Key: {} } }, { Update: { TableName: 'Rooms' } }];

  test('is one transaction: all of it or nothing', async () => {
    const { db, inbox } = inboxOf({ TransactWriteItems: [{}] });
    expect(await inbox.accept(entry, also)).toEqual({ acceptedAt: NOW, repeated: false });
    expect(db.calls).toMatchObject([
      {
        operation: 'TransactWriteItems',
        input: {
          TransactItems: [
            {
              Put: {
                TableName: 'Inbox',
                Item: { entry: { S: 'ann#u1' } },
                ConditionExpression: 'attribute_not_exists(room)',
              },
            },
            ...also,
          ],
        },
      },
    ]);
  });

  test('is a conflict when the condition of another write failed', async () => {
    const { inbox } = inboxOf({
      TransactWriteItems: [cancelled('None, ConditionalCheckFailed, None')],
      GetItem: [{}],
    });
    expect(await inbox.accept(entry, also)).toBe('conflict');
  });

  test.each(['ConditionalCheckFailed, None', 'ConditionalCheckFailed, ConditionalCheckFailed'])(
    '[M6] is the repeat that it is, whatever became of the others: %s',
    async (reasons) => {
      const { db, inbox } = inboxOf({
        TransactWriteItems: [cancelled(reasons)],
        GetItem: [{ Item: row }],
      });
      expect(await inbox.accept(entry, also)).toEqual({ acceptedAt: 7_000, repeated: true });
      expect(db.calls[1]?.input).toMatchObject({ ConsistentRead: true });
    },
  );

  test('fails when the transaction met another one, or DynamoDB is down', async () => {
    for (const error of [cancelled('TransactionConflict, None'), down]) {
      const { inbox } = inboxOf({ TransactWriteItems: [error] });
      await expect(inbox.accept(entry, also)).rejects.toThrow(error.message);
    }
  });
});
