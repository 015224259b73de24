import { type DynamoDb, isConditionFailed } from './aws/dynamodb.ts';
import { inboxKey, number } from './rows.ts';

/**
 * Acceptance: one conditional write under the sender's own uuid. Its stream is what gets the message
 * its number and its readers; the row itself stays, as the record that makes a repeat harmless.
 */
export interface Accepted {
  readonly room: string;
  readonly user: string;
  readonly uuid: string;
  readonly text: string;
}

export interface Inbox {
  /** When it was accepted (milliseconds): now, or, a repeat having changed nothing, before. */
  accept(entry: Accepted): Promise<{ readonly acceptedAt: number; readonly repeated: boolean }>;
}

const DAY_SECONDS = 86_400;

export function createInbox(options: {
  readonly db: DynamoDb;
  readonly table: string;
  /** How long a uuid is remembered. */
  readonly days: number;
  readonly now?: () => number;
}): Inbox {
  const { db, table, days, now = Date.now } = options;
  return {
    async accept({ room, user, uuid, text }) {
      const time = now();
      try {
        await db.call('PutItem', {
          TableName: table,
          Item: {
            ...inboxKey(room, user, uuid),
            user: { S: user },
            uuid: { S: uuid },
            text: { S: text },
            acceptedAt: { N: String(time) },
            expires: { N: String(Math.ceil(time / 1_000 + days * DAY_SECONDS)) },
          },
          ConditionExpression: 'attribute_not_exists(room)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        });
        return { acceptedAt: time, repeated: false };
      } catch (error) {
        if (!isConditionFailed(error)) throw error;
        const acceptedAt = error.item === undefined ? undefined : number(error.item, 'acceptedAt');
        return { acceptedAt: acceptedAt ?? time, repeated: true };
      }
    },
  };
}
