import { describe, expect, test } from 'vitest';

import { DynamoDbError, type Item } from '../../../lambdas/core/aws/dynamodb.ts';
import { rateLimit } from '../../../lambdas/core/rate.ts';
import { createTurns } from '../../../lambdas/core/turns.ts';
import { scriptedDynamoDb } from './scripted-dynamodb.ts';

const NOW = 1_000_000;

/** 10 a second: one each 100 ms; five at once. */
const rate = rateLimit(10, 5);

const session: Item = {
  pk: { S: 'c1' },
  sk: { S: 'session' },
  user: { S: 'ann' },
  validUntil: { N: String(NOW + 1) },
  features: { SS: ['batch', 'ack', 'unknown'] },
};
const at = (tat: number): Item => ({ ...session, tat: { N: String(tat) } });

const refused = (item?: Item) => new DynamoDbError('ConditionalCheckFailedException', '', item);

function turns(...answers: object[]) {
  const db = scriptedDynamoDb({ UpdateItem: answers });
  return {
    db,
    take: () => createTurns({ db, table: 'Connections', rate, now: () => NOW }).take('c1'),
  };
}

describe('[M10] a turn', () => {
  test('is taken with one write, by whoever has not spoken lately', async () => {
    const { db, take } = turns({ Attributes: at(NOW + 100) });
    expect(await take()).toEqual({ user: 'ann', features: ['ack', 'batch'] });
    expect(db.calls).toHaveLength(1);
    expect(db.calls[0]?.input).toMatchObject({
      TableName: 'Connections',
      Key: { pk: { S: 'c1' }, sk: { S: 'session' } },
      UpdateExpression: 'SET tat = :next',
      ExpressionAttributeValues: { ':now': { N: String(NOW) }, ':next': { N: String(NOW + 100) } },
    });
  });

  test('is taken with a second write within a burst, one step on from wherever it is', async () => {
    const { db, take } = turns(refused(at(NOW + 250)), { Attributes: at(NOW + 350) });
    expect(await take()).toEqual({ user: 'ann', features: ['ack', 'batch'] });
    expect(db.calls[1]?.input).toMatchObject({
      UpdateExpression: 'SET tat = tat + :interval',
      ExpressionAttributeValues: {
        ':interval': { N: '100' },
        // Four steps ahead of now: with this one that makes five at once.
        ':limit': { N: String(NOW + 400) },
      },
    });
  });

  test('is not kept from anybody by a row that a clock far ahead has written', async () => {
    const { db, take } = turns({ Attributes: at(NOW + 100) });
    await take();
    expect(db.calls[0]?.input).toMatchObject({
      ConditionExpression: expect.stringContaining('OR tat > :strange)') as string,
      // The burst, one step more, and five seconds by which clocks may disagree.
      ExpressionAttributeValues: { ':strange': { N: String(NOW + 500 + 5_000) } },
    });
  });

  test('is refused beyond the burst, with the time until the next', async () => {
    const { take } = turns(refused(at(NOW + 450)), refused(at(NOW + 450)));
    expect(await take()).toEqual({ refused: 'rate_limited', retryAfter: 0.05 });
  });

  test('is refused for no longer than an honest clock can bring about', async () => {
    const { take } = turns(refused(at(NOW + 450)), refused(at(NOW + 600_000)));
    // A step, and five seconds by which clocks may disagree.
    expect(await take()).toEqual({ refused: 'rate_limited', retryAfter: 5.1 });
  });

  test('asks in every write that somebody speaks, and still may', async () => {
    const { db, take } = turns(refused(at(NOW + 250)), { Attributes: at(NOW + 350) });
    await take();
    for (const { input } of db.calls) {
      expect(input).toMatchObject({
        ConditionExpression: expect.stringContaining(
          'attribute_exists(#user) AND validUntil > :now AND (',
        ) as string,
        ExpressionAttributeNames: { '#user': 'user' },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
    }
  });
});

describe('[A2] nobody has a turn', () => {
  test.each<[string, Item | undefined]>([
    ['there is no such connection', undefined],
    ['nobody has signed in', { pk: { S: 'c1' }, sk: { S: 'session' } }],
    ['the session has just expired', { ...session, validUntil: { N: String(NOW) } }],
    ['the session has no end', { user: { S: 'ann' } }],
  ])('when %s, and one write finds that out', async (_what, item) => {
    const { db, take } = turns(refused(item));
    expect(await take()).toEqual({ refused: 'authentication_required' });
    expect(db.calls).toHaveLength(1);
  });

  test('who was signed out between two writes', async () => {
    const { take } = turns(refused(at(NOW + 250)), refused({ pk: { S: 'c1' } }));
    expect(await take()).toEqual({ refused: 'authentication_required' });
  });
});

test('a turn fails when DynamoDB does: it is nobody’s refusal', async () => {
  const { take } = turns(new DynamoDbError('InternalServerError', 'down', undefined));
  await expect(take()).rejects.toThrow('down');
});
