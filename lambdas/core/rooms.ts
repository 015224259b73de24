import type { DynamoDb, Item } from './aws/dynamodb.ts';
import { memberKey, text } from './rows.ts';

/** Who is a member of which room, asked from either side. */
export interface Membership {
  /** Read consistently: somebody who was removed is out at once. */
  isMember(room: string, user: string): Promise<boolean>;
}

export interface RoomsOfUser {
  /** All of them, over all pages; a membership of this second may be missing yet. */
  of(user: string): Promise<readonly string[]>;
}

interface RoomsTable {
  readonly db: DynamoDb;
  readonly table: string;
}

export const createMembership = ({ db, table }: RoomsTable): Membership => ({
  async isMember(room, user) {
    const { Item } = await db.call('GetItem', {
      TableName: table,
      Key: memberKey(room, user),
      ConsistentRead: true,
    });
    return Item !== undefined;
  },
});

export const createRoomsOfUser = (
  options: RoomsTable & { readonly index: string },
): RoomsOfUser => ({
  async of(user) {
    const rooms: string[] = [];
    let from: Item | undefined;
    do {
      const page = await options.db.call('Query', {
        TableName: options.table,
        IndexName: options.index,
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
});
