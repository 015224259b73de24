import type { Message } from '../../protocol/replies.ts';
import { type DynamoDb, isConditionFailed, type Item } from './aws/dynamodb.ts';
import type { Accepted } from './inbox.ts';
import { logKey, number, text } from './rows.ts';

/**
 * A room's log: its entries under the numbers 1, 2, 3, without gaps. Only the broadcaster appends, and
 * only at numbers that are free.
 */
export interface Entry extends Accepted {
  readonly seq: number;
  /** Its ordinal among the room's messages. */
  readonly n: number;
  /** Milliseconds; never earlier than the entry before it. */
  readonly timestamp: number;
  /** Milliseconds: when it got its number. */
  readonly sequencedAt: number;
  /** The sequence number of the stream record it came from. */
  readonly position: string;
}

export interface Log {
  /** The newest `count` entries, newest first. */
  tail(room: string, count: number, consistent: boolean): Promise<readonly Entry[]>;
  /** Up to `count` entries from number `from` on, oldest first. */
  from(room: string, from: number, count: number): Promise<readonly Entry[]>;
  /**
   * Appends entries that follow one another. `taken`: another writer was there; some of them may have
   * been written, and the tail must be read again.
   */
  append(entries: readonly Entry[]): Promise<'appended' | 'taken'>;
}

/**
 * Up to this many entries are put one after another, each for one write unit. A transaction costs
 * two, and takes as long as about four puts: it pays from there on.
 */
const SINGLE_PUTS = 4;

/** DynamoDB's limit for one transaction. */
const TRANSACTION_ITEMS = 100;

const toItem = (entry: Entry): Item => ({
  ...logKey(entry.room, entry.seq),
  n: { N: String(entry.n) },
  kind: { S: 'message' },
  user: { S: entry.user },
  uuid: { S: entry.uuid },
  text: { S: entry.text },
  timestamp: { N: String(entry.timestamp) },
  sequencedAt: { N: String(entry.sequencedAt) },
  position: { S: entry.position },
});

const toEntry = (item: Item): Entry => ({
  room: text(item, 'room'),
  seq: number(item, 'seq') ?? 0,
  n: number(item, 'n') ?? 0,
  user: text(item, 'user'),
  uuid: text(item, 'uuid'),
  text: text(item, 'text'),
  timestamp: number(item, 'timestamp') ?? 0,
  sequencedAt: number(item, 'sequencedAt') ?? 0,
  position: text(item, 'position'),
});

export const toMessage = ({ room, seq, n, user, timestamp, text: said }: Entry): Message => ({
  id: `${room}.${seq}`,
  seq,
  n,
  user: { username: user },
  room,
  timestamp: timestamp / 1_000,
  text: said,
});

export function createLog({ db, table }: { readonly db: DynamoDb; readonly table: string }): Log {
  const put = (entry: Entry) => ({
    TableName: table,
    Item: toItem(entry),
    ConditionExpression: 'attribute_not_exists(seq)',
  });

  const appendAll = async (entries: readonly Entry[]) => {
    if (entries.length <= SINGLE_PUTS) {
      // In order: if one fails, what is written is still without a gap.
      for (const entry of entries) await db.call('PutItem', put(entry));
      return;
    }
    for (let from = 0; from < entries.length; from += TRANSACTION_ITEMS) {
      const part = entries.slice(from, from + TRANSACTION_ITEMS);
      await db.call('TransactWriteItems', {
        TransactItems: part.map((entry) => ({ Put: put(entry) })),
      });
    }
  };

  const read = async (room: string, count: number, range: object): Promise<readonly Entry[]> => {
    const entries: Entry[] = [];
    let from: Item | undefined;
    do {
      const page = await db.call('Query', {
        TableName: table,
        KeyConditionExpression: 'room = :room',
        ExpressionAttributeValues: { ':room': { S: room } },
        ...range,
        Limit: count - entries.length,
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      });
      entries.push(...(page.Items ?? []).map(toEntry));
      from = page.LastEvaluatedKey;
    } while (from !== undefined && entries.length < count);
    return entries;
  };

  return {
    tail: (room, count, consistent) =>
      read(room, count, { ScanIndexForward: false, ConsistentRead: consistent }),

    from: (room, from, count) =>
      read(room, count, {
        KeyConditionExpression: 'room = :room AND seq >= :from',
        ExpressionAttributeValues: { ':room': { S: room }, ':from': { N: String(from) } },
        ConsistentRead: true,
      }),

    async append(entries) {
      try {
        await appendAll(entries);
        return 'appended';
      } catch (error) {
        if (isConditionFailed(error)) return 'taken';
        throw error;
      }
    },
  };
}
