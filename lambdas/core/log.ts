import { type DynamoDb, isConditionFailed, type Item } from './aws/dynamodb.ts';
import { type Entry, toEntry, toItem } from './entry.ts';

/**
 * A room's log: its entries under the numbers 1, 2, 3, without gaps. Only the broadcaster appends, and
 * only at numbers that are free.
 */
export interface Log {
  /** The newest `count` entries, newest first; with `before`, of those below that number. */
  tail(
    room: string,
    count: number,
    options?: { readonly consistent?: boolean; readonly before?: number },
  ): Promise<readonly Entry[]>;
  /** Up to `count` entries from number `from` on, oldest first. */
  from(room: string, from: number, count: number): Promise<readonly Entry[]>;
  /**
   * Appends entries that follow one another. `taken`: another writer was there; some of them may have
   * been written, and the tail must be read again.
   */
  append(entries: readonly Entry[]): Promise<'appended' | 'taken'>;
  /** Appends entries together with the rows they change: all of it or nothing, 100 rows at most. */
  appendWith(entries: readonly Entry[], changed: readonly Entry[]): Promise<'appended' | 'taken'>;
}

/**
 * Up to this many entries are put one after another, each for one write unit. A transaction costs
 * two, and takes as long as about four puts: it pays from there on.
 */
const SINGLE_PUTS = 4;

/** DynamoDB's limit for one transaction. */
export const TRANSACTION_ITEMS = 100;

export function createLog({ db, table }: { readonly db: DynamoDb; readonly table: string }): Log {
  const put = (entry: Entry, condition = 'attribute_not_exists(seq)') => ({
    TableName: table,
    Item: toItem(entry),
    ConditionExpression: condition,
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

  const unlessTaken = async (write: () => Promise<unknown>) => {
    try {
      await write();
      return 'appended';
    } catch (error) {
      if (isConditionFailed(error)) return 'taken';
      throw error;
    }
  };

  const read = async (count: number, query: object): Promise<readonly Entry[]> => {
    const entries: Entry[] = [];
    let from: Item | undefined;
    do {
      const page = await db.call('Query', {
        TableName: table,
        ...query,
        Limit: count - entries.length,
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      });
      entries.push(...(page.Items ?? []).map(toEntry));
      from = page.LastEvaluatedKey;
    } while (from !== undefined && entries.length < count);
    return entries;
  };

  return {
    tail: (room, count, { consistent = true, before = Number.MAX_SAFE_INTEGER } = {}) =>
      read(count, {
        KeyConditionExpression: 'room = :room AND seq < :before',
        ExpressionAttributeValues: { ':room': { S: room }, ':before': { N: String(before) } },
        ScanIndexForward: false,
        ConsistentRead: consistent,
      }),

    from: (room, from, count) =>
      read(count, {
        KeyConditionExpression: 'room = :room AND seq >= :from',
        ExpressionAttributeValues: { ':room': { S: room }, ':from': { N: String(from) } },
        ConsistentRead: true,
      }),

    append: (entries) => unlessTaken(() => appendAll(entries)),

    appendWith: (entries, changed) =>
      unlessTaken(() =>
        db.call('TransactWriteItems', {
          TransactItems: [
            ...entries.map((entry) => ({ Put: put(entry) })),
            ...changed.map((row) => ({ Put: put(row, 'attribute_exists(seq)') })),
          ],
        }),
      ),
  };
}
