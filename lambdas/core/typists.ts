import { TYPING_SECONDS } from '../../protocol/limits.ts';
import { type DynamoDb, isConditionFailed } from './aws/dynamodb.ts';
import { sessionKey } from './rows.ts';

/**
 * Whether it is news that somebody types: two attributes of the connection's session, which nothing
 * listens to. So a client that tells of every key costs its room no more than one that does not.
 */
export interface Typists {
  /** True when the room has not been told within the last while. */
  begin(connection: string, room: string): Promise<boolean>;
  /** True when the room still believes that somebody types here. */
  end(connection: string, room: string): Promise<boolean>;
}

/** A typist is told of again when half of the time for which he is shown has passed. Milliseconds. */
const AGAIN_MS = (TYPING_SECONDS * 1_000) / 2;

export function createTypists(options: {
  readonly db: DynamoDb;
  readonly table: string;
  readonly now?: () => number;
}): Typists {
  const { db, table, now = Date.now } = options;

  const change = async (
    connection: string,
    update: string,
    condition: string,
    values: Readonly<Record<`:${string}`, string | number>>,
  ) => {
    try {
      await db.call('UpdateItem', {
        TableName: table,
        Key: sessionKey(connection),
        UpdateExpression: update,
        ConditionExpression: condition,
        ExpressionAttributeValues: Object.fromEntries(
          Object.entries(values).map(([name, value]) => [
            name,
            typeof value === 'string' ? { S: value } : { N: String(value) },
          ]),
        ),
      });
      return true;
    } catch (error) {
      if (isConditionFailed(error)) return false;
      throw error;
    }
  };

  return {
    begin: (connection, room) =>
      change(
        connection,
        'SET typesIn = :room, typesAt = :now',
        'attribute_exists(pk) AND (attribute_not_exists(typesIn) OR typesIn <> :room OR typesAt < :before)',
        { ':room': room, ':now': now(), ':before': now() - AGAIN_MS },
      ),

    end: (connection, room) =>
      change(connection, 'REMOVE typesIn, typesAt', 'typesIn = :room AND typesAt > :before', {
        ':room': room,
        ':before': now() - TYPING_SECONDS * 1_000,
      }),
  };
}
