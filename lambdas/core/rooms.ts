import type { DynamoDb, Item } from './aws/dynamodb.ts';
import { memberKey, text } from './rows.ts';

/** Who is a member of which room. */
export interface Rooms {
  /** Read consistently: somebody who was removed is out at once. */
  isMember(room: string, user: string): Promise<boolean>;
  /** All rooms of a user, all pages of them; a membership of this second may be missing yet. */
  of(user: string): Promise<readonly string[]>;
}

export function createRooms(options: {
  readonly db: DynamoDb;
  readonly table: string;
  readonly byUserIndex: string;
}): Rooms {
  const { db, table, byUserIndex } = options;
  return {
    async isMember(room, user) {
      const { Item } = await db.call('GetItem', {
        TableName: table,
        Key: memberKey(room, user),
        ConsistentRead: true,
      });
      return Item !== undefined;
    },

    async of(user) {
      const rooms: string[] = [];
      let from: Item | undefined;
      do {
        const page = await db.call('Query', {
          TableName: table,
          IndexName: byUserIndex,
          KeyConditionExpression: '#user = :user',
          ExpressionAttributeNames: { '#user': 'user' },
          ExpressionAttributeValues: { ':user': { S: user } },
          ...(from === undefined ? {} : { ExclusiveStartKey: from }),
        });
        rooms.push(...(page.Items ?? []).map((item) => text(item, 'room')));
        from = page.LastEvaluatedKey;
      } while (from !== undefined);
      return rooms;
    },
  };
}
