import { randomBytes } from 'node:crypto';

import type { Content } from '../../protocol/content.ts';
import { type DynamoDb, isConditionFailed, type Item } from './aws/dynamodb.ts';
import { inboxKey, number } from './rows.ts';

/**
 * Acceptance: one conditional write under the sender's own uuid. Its stream is what gets the entry its
 * number and its readers; the row itself stays, as the record that makes a repeat harmless.
 */
export interface Accepted {
  readonly room: string;
  readonly user: string;
  readonly uuid: string;
  readonly action: string;
  readonly content: Content;
  /** The head its sender knows: with another one it gets no number. */
  readonly ifHead?: number;
}

export interface Acceptance {
  /** Milliseconds. */
  readonly acceptedAt: number;
  /** This uuid was accepted before, and nothing has changed. */
  readonly repeated: boolean;
  /** Of the first acceptance. */
  readonly ifHead?: number;
}

export interface Inbox {
  /**
   * Accepts an entry, together with other writes of the same transaction, if there are any. When the
   * condition of one of those fails, nothing is accepted: `conflict`.
   */
  accept(entry: Accepted, also?: readonly object[]): Promise<Acceptance | 'conflict'>;
}

/** An Inbox that can be asked, too. */
export interface InboxWithMemory extends Inbox {
  /** The acceptance of this uuid, if it was accepted before. */
  before(entry: Pick<Accepted, 'room' | 'user' | 'uuid'>): Promise<Acceptance | undefined>;
}

const DAY_SECONDS = 86_400;
const NONCE_BYTES = 16;

export function createInbox(options: {
  readonly db: DynamoDb;
  readonly table: string;
  /** How long a uuid is remembered. */
  readonly days: number;
  readonly now?: () => number;
}): InboxWithMemory {
  const { db, table, days, now = Date.now } = options;

  const toPut = ({ room, user, uuid, action, content, ifHead }: Accepted, time: number) => ({
    TableName: table,
    Item: {
      ...inboxKey(room, user, uuid),
      user: { S: user },
      uuid: { S: uuid },
      action: { S: action },
      content: { S: JSON.stringify(content) },
      nonce: { S: randomBytes(NONCE_BYTES).toString('base64url') },
      ...(ifHead === undefined ? {} : { ifHead: { N: String(ifHead) } }),
      acceptedAt: { N: String(time) },
      expires: { N: String(Math.ceil(time / 1_000 + days * DAY_SECONDS)) },
    },
    ConditionExpression: 'attribute_not_exists(room)',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });

  const toAcceptance = (item: Item, time: number): Acceptance => {
    const ifHead = number(item, 'ifHead');
    const acceptedAt = number(item, 'acceptedAt') ?? time;
    return { acceptedAt, repeated: true, ...(ifHead === undefined ? {} : { ifHead }) };
  };

  /** Whether it was this uuid that failed, or one of the other writes. */
  const existing = async ({ room, user, uuid }: Pick<Accepted, 'room' | 'user' | 'uuid'>) => {
    const key = { TableName: table, Key: inboxKey(room, user, uuid), ConsistentRead: true };
    return (await db.call('GetItem', key)).Item;
  };

  return {
    async before(entry) {
      const item = await existing(entry);
      return item === undefined ? undefined : toAcceptance(item, now());
    },

    async accept(entry, also = []) {
      const time = now();
      const put = toPut(entry, time);
      try {
        if (also.length === 0) await db.call('PutItem', put);
        else await db.call('TransactWriteItems', { TransactItems: [{ Put: put }, ...also] });
        return { acceptedAt: time, repeated: false };
      } catch (error) {
        if (!isConditionFailed(error)) throw error;
        if (also.length === 0) return toAcceptance(error.item ?? {}, time);
        const item = await existing(entry);
        return item === undefined ? 'conflict' : toAcceptance(item, time);
      }
    },
  };
}
