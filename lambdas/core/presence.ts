import type { DynamoDb } from './aws/dynamodb.ts';
import { onlinePartition, text } from './rows.ts';

/** How many people are online in a room: those with a connection, counted over at most `atMost` of them. */
export type CountOnline = (room: string) => Promise<number>;

export function createCountOnline(options: {
  readonly db: DynamoDb;
  readonly table: string;
  /** Connections that are looked at. */
  readonly atMost: number;
}): CountOnline {
  const { db, table, atMost } = options;
  return async (room) => {
    const { Items = [] } = await db.call('Query', {
      TableName: table,
      KeyConditionExpression: 'pk = :partition',
      ExpressionAttributeValues: { ':partition': onlinePartition(room) },
      ProjectionExpression: '#user',
      ExpressionAttributeNames: { '#user': 'user' },
      Limit: atMost,
    });
    return new Set(Items.map((item) => text(item, 'user'))).size;
  };
}
