import { describe, expect, test } from 'vitest';

import { DynamoDbError } from '../../../lambdas/core/aws/dynamodb.ts';
import { createReadMarks } from '../../../lambdas/core/read-marks.ts';
import { scriptedDynamoDb } from './scripted-dynamodb.ts';

const failed = (item?: Record<string, { N: string }>) =>
  new DynamoDbError('ConditionalCheckFailedException', '', item);

describe('a read mark', () => {
  test('[N2] moves in one write, which holds only while it moves on', async () => {
    const db = scriptedDynamoDb({ UpdateItem: [{}] });
    const marks = createReadMarks({ db, table: 'Rooms' });
    expect(await marks.move('r', 'ann', { seq: 7, n: 5 })).toEqual({ seq: 7, n: 5 });
    expect(db.calls).toEqual([
      {
        operation: 'UpdateItem',
        input: {
          TableName: 'Rooms',
          Key: { room: { S: 'r' }, entry: { S: 'member#ann' } },
          UpdateExpression: 'SET #read = :seq, readN = :n',
          ConditionExpression:
            'attribute_exists(entry) AND (attribute_not_exists(#read) OR #read < :seq)',
          ExpressionAttributeNames: { '#read': 'read' },
          ExpressionAttributeValues: { ':seq': { N: '7' }, ':n': { N: '5' } },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      },
    ]);
  });

  test('[N2] stays where another device has moved it meanwhile', async () => {
    const db = scriptedDynamoDb({ UpdateItem: [failed({ read: { N: '9' }, readN: { N: '6' } })] });
    const marks = createReadMarks({ db, table: 'Rooms' });
    expect(await marks.move('r', 'ann', { seq: 7, n: 5 })).toEqual({ seq: 9, n: 6 });
  });

  test('is nobody’s when the member was removed meanwhile', async () => {
    const db = scriptedDynamoDb({ UpdateItem: [failed()] });
    const marks = createReadMarks({ db, table: 'Rooms' });
    expect(await marks.move('r', 'ann', { seq: 7, n: 5 })).toBeUndefined();
  });

  test('fails when the table does', async () => {
    const db = scriptedDynamoDb({
      UpdateItem: [new DynamoDbError('ThrottlingException', '', undefined)],
    });
    const marks = createReadMarks({ db, table: 'Rooms' });
    await expect(marks.move('r', 'ann', { seq: 7, n: 5 })).rejects.toThrow(DynamoDbError);
  });
});
