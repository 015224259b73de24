import { type DynamoDb, isConditionFailed } from './aws/dynamodb.ts';
import { type ReadMark, toMember, UNREAD } from './rooms.ts';
import { memberKey } from './rows.ts';

/**
 * How far each member has read: two attributes of the member's row. A mark only ever moves on, however
 * many devices set it at once and in whatever order their frames arrive.
 */
export interface ReadMarks {
  /** Moves the mark on, and answers where it is then; undefined when the user is no member any more. */
  move(room: string, user: string, to: ReadMark): Promise<ReadMark | undefined>;
}

export function createReadMarks(options: {
  readonly db: DynamoDb;
  readonly table: string;
}): ReadMarks {
  const { db, table } = options;
  return {
    async move(room, user, to) {
      try {
        await db.call('UpdateItem', {
          TableName: table,
          Key: memberKey(room, user),
          UpdateExpression: 'SET #read = :seq, readN = :n',
          ConditionExpression:
            'attribute_exists(entry) AND (attribute_not_exists(#read) OR #read < :seq)',
          ExpressionAttributeNames: { '#read': 'read' },
          ExpressionAttributeValues: { ':seq': { N: String(to.seq) }, ':n': { N: String(to.n) } },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        });
        return to;
      } catch (error) {
        if (!isConditionFailed(error)) throw error;
        // Another device was there first, or the user was removed.
        return error.item === undefined ? undefined : (toMember(user, error.item).read ?? UNREAD);
      }
    },
  };
}
