import { VIEWERS_MAX_COUNT } from '../../protocol/limits.ts';
import { type DynamoDb, isConditionFailed } from './aws/dynamodb.ts';
import { createRecipients, type Recipient } from './recipients.ts';
import { featuresAttribute, optionalText, sessionKey, viewKey, viewPartition } from './rows.ts';
import { rowExpiry } from './sessions.ts';

/**
 * Who looks at a room: a connection looks at the one it selected last. What is going on in a room
 * without being said (somebody types, comes, reads) is told to these alone, who are in a partition of
 * their own: however many people are online in a room, to find its viewers costs what they are.
 */
export interface Viewers {
  /** From now on the connection looks at this room, and at no other. */
  look(viewer: Recipient, room: string): Promise<void>;
  /** The connection looks at no room any more. */
  lookAway(connection: string): Promise<void>;
  /** Nobody when they are more than `VIEWERS_MAX_COUNT`: then nobody is told. */
  of(room: string): Promise<readonly Recipient[]>;
}

export function createViewers(options: {
  readonly db: DynamoDb;
  readonly table: string;
  readonly now?: () => number;
}): Viewers {
  const { db, table, now = Date.now } = options;
  const recipients = createRecipients({ db, table, now });

  /** Writes down where a connection looks, and answers where it did before; undefined when it is closed. */
  const turn = async (connection: string, room?: string) => {
    try {
      const { Attributes: before = {} } = await db.call('UpdateItem', {
        TableName: table,
        Key: sessionKey(connection),
        UpdateExpression: room === undefined ? 'REMOVE looksAt' : 'SET looksAt = :room',
        ConditionExpression: 'attribute_exists(pk)',
        ...(room === undefined ? {} : { ExpressionAttributeValues: { ':room': { S: room } } }),
        ReturnValues: 'UPDATED_OLD',
      });
      const looksAt = optionalText(before, 'looksAt');
      return looksAt === undefined ? {} : { room: looksAt };
    } catch (error) {
      if (isConditionFailed(error)) return undefined;
      throw error;
    }
  };

  const remove = (room: string, connection: string) =>
    db.call('DeleteItem', { TableName: table, Key: viewKey(room, connection) });

  return {
    async look({ connection, user, features }, room) {
      const before = await turn(connection, room);
      if (before === undefined) return;
      if (before.room !== undefined && before.room !== room) await remove(before.room, connection);
      await db.call('PutItem', {
        TableName: table,
        Item: {
          ...viewKey(room, connection),
          user: { S: user },
          ...featuresAttribute(features),
          ...rowExpiry(now()),
        },
      });
    },

    async lookAway(connection) {
      const before = await turn(connection);
      if (before?.room !== undefined) await remove(before.room, connection);
    },

    async of(room) {
      const looking = await recipients(viewPartition(room), { atMost: VIEWERS_MAX_COUNT + 1 });
      return looking.length > VIEWERS_MAX_COUNT ? [] : looking;
    },
  };
}
