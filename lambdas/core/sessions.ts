import type { Feature } from '../../protocol/features.ts';
import { type DynamoDb, isConditionFailed, type Item } from './aws/dynamodb.ts';
import { featuresAttribute, optionalText, sessionKey, text } from './rows.ts';

/** Who speaks on a connection: a row written at `$connect`, filled at `authenticate`. */
export interface Session {
  readonly user: string;
  readonly features: readonly Feature[];
}

export interface Sessions {
  /** A socket was opened; nobody speaks on it yet. */
  open(connection: string): Promise<void>;
  /**
   * From now on `user` speaks here, until `until` (milliseconds). Answers who did before, or `gone`
   * when the connection has been closed meanwhile.
   */
  fill(
    connection: string,
    session: Session & { readonly until: number },
  ): Promise<{ readonly previous?: string } | 'gone'>;
  /** Signs the connection out; the socket stays open and may authenticate again. */
  signOut(connection: string): Promise<void>;
  /** Removes it, and answers who spoke, and the room that was looked at. */
  close(
    connection: string,
  ): Promise<{ readonly user?: string | undefined; readonly looksAt?: string | undefined }>;
}

/** API Gateway ends a connection after two hours; ten minutes more for what is still under way. */
export const CONNECTION_ROW_SECONDS = 2 * 3_600 + 600;

export const rowExpiry = (now: number): Item => ({
  expires: { N: String(Math.ceil(now / 1_000) + CONNECTION_ROW_SECONDS) },
});

export function createSessions(options: {
  readonly db: DynamoDb;
  readonly table: string;
  readonly now?: () => number;
}): Sessions {
  const { db, table, now = Date.now } = options;

  return {
    async open(connection) {
      const time = now();
      await db.call('PutItem', {
        TableName: table,
        Item: {
          ...sessionKey(connection),
          connectedAt: { N: String(time) },
          ...rowExpiry(time),
        },
      });
    },

    async fill(connection, { user, features: names, until }) {
      try {
        const { Attributes: before = {} } = await db.call('UpdateItem', {
          TableName: table,
          Key: sessionKey(connection),
          UpdateExpression: `SET #user = :user, validUntil = :until${names.length > 0 ? ', features = :features' : ' REMOVE features'}`,
          ConditionExpression: 'attribute_exists(pk)',
          ExpressionAttributeNames: { '#user': 'user' },
          ExpressionAttributeValues: {
            ':user': { S: user },
            ':until': { N: String(until) },
            ...Object.fromEntries(
              Object.entries(featuresAttribute(names)).map(([name, value]) => [`:${name}`, value]),
            ),
          },
          ReturnValues: 'ALL_OLD',
        });
        return 'user' in before ? { previous: text(before, 'user') } : {};
      } catch (error) {
        if (isConditionFailed(error)) return 'gone';
        throw error;
      }
    },

    async signOut(connection) {
      try {
        await db.call('UpdateItem', {
          TableName: table,
          Key: sessionKey(connection),
          UpdateExpression: 'REMOVE #user, validUntil, features',
          ConditionExpression: 'attribute_exists(pk)',
          ExpressionAttributeNames: { '#user': 'user' },
        });
      } catch (error) {
        // It was closed in the meantime, which signs out as well.
        if (!isConditionFailed(error)) throw error;
      }
    },

    async close(connection) {
      const { Attributes: item = {} } = await db.call('DeleteItem', {
        TableName: table,
        Key: sessionKey(connection),
        ReturnValues: 'ALL_OLD',
      });
      return { user: optionalText(item, 'user'), looksAt: optionalText(item, 'looksAt') };
    },
  };
}
