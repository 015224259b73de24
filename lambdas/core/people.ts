import type { DynamoDb } from './aws/dynamodb.ts';
import { profileKey } from './rows.ts';

/** Who there is, in any room or none. */
export interface People {
  exists(user: string): Promise<boolean>;
}

export const createPeople = (options: {
  readonly db: DynamoDb;
  readonly table: string;
}): People => ({
  async exists(user) {
    const { Item } = await options.db.call('GetItem', {
      TableName: options.table,
      Key: profileKey(user),
      ConsistentRead: true,
    });
    return Item !== undefined;
  },
});
