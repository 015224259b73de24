import { createBatchGet } from './batch-get.ts';
import { type DynamoDb, isConditionFailed } from './aws/dynamodb.ts';
import { number, seenKey, text } from './rows.ts';

/** When people were last there: written when a connection of theirs is gone, and only ever moved on. */
export interface LastSeen {
  /** `at` is in milliseconds. */
  note(user: string, at: number): Promise<void>;
  /** Milliseconds, of those of whom it is known. */
  of(users: readonly string[]): Promise<ReadonlyMap<string, number>>;
}

export function createLastSeen(options: {
  readonly db: DynamoDb;
  readonly table: string;
}): LastSeen {
  const { db, table } = options;
  const batchGet = createBatchGet({ db, table });
  return {
    async note(user, at) {
      try {
        await db.call('UpdateItem', {
          TableName: table,
          Key: seenKey(user),
          UpdateExpression: 'SET #user = :user, seenAt = :at',
          ConditionExpression: 'attribute_not_exists(seenAt) OR seenAt < :at',
          ExpressionAttributeNames: { '#user': 'user' },
          ExpressionAttributeValues: { ':user': { S: user }, ':at': { N: String(at) } },
        });
      } catch (error) {
        if (!isConditionFailed(error)) throw error;
      }
    },

    async of(users) {
      const rows = await batchGet(users.map(seenKey));
      return new Map(rows.map((row) => [text(row, 'user'), number(row, 'seenAt') ?? 0]));
    },
  };
}
