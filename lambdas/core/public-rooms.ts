import type { DynamoDb } from './aws/dynamodb.ts';
import { LISTED } from './room-writes.ts';
import { optionalText, text } from './rows.ts';

/** The directory of public rooms; a room of this second may be missing yet. */
export interface PublicRooms {
  /** Up to `count` rooms whose ids come after `after`, by id. */
  list(
    after: string,
    count: number,
  ): Promise<readonly { readonly id: string; readonly name: string }[]>;
}

export const createPublicRooms = (options: {
  readonly db: DynamoDb;
  readonly table: string;
  readonly index: string;
}): PublicRooms => ({
  async list(after, count) {
    const { Items = [] } = await options.db.call('Query', {
      TableName: options.table,
      IndexName: options.index,
      KeyConditionExpression:
        after === '' ? 'listed = :listed' : 'listed = :listed AND room > :after',
      ExpressionAttributeValues: {
        ':listed': LISTED,
        ...(after === '' ? {} : { ':after': { S: after } }),
      },
      Limit: count,
    });
    return Items.map((item) => ({
      id: text(item, 'room'),
      name: optionalText(item, 'name') ?? '',
    }));
  },
});
