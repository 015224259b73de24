import { ROOMS_OF_USER_MAX } from '../../protocol/limits.ts';
import { ROOMS_BY_USER } from '../environment.ts';
import type { DynamoDb } from './aws/dynamodb.ts';

/**
 * Whether somebody is in as many rooms as anybody may be in: each of them costs a row at every sign-in. The
 * index may lack a membership of this second, so a few that come at once may exceed it.
 */
export type RoomQuota = (user: string) => Promise<boolean>;

export function createRoomQuota(options: {
  readonly db: DynamoDb;
  readonly table: string;
}): RoomQuota {
  return async (user) => {
    // Keys alone, so a page of as many is far below the megabyte that ends one early.
    const { Items = [] } = await options.db.call('Query', {
      TableName: options.table,
      IndexName: ROOMS_BY_USER,
      KeyConditionExpression: '#user = :user',
      ExpressionAttributeNames: { '#user': 'user' },
      ExpressionAttributeValues: { ':user': { S: user } },
      Limit: ROOMS_OF_USER_MAX,
    });
    return Items.length === ROOMS_OF_USER_MAX;
  };
}
