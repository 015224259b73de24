import type { Feature } from '../../protocol/features.ts';
import type { AttributeValue, DynamoDb, Item } from './aws/dynamodb.ts';
import { features, number, text } from './rows.ts';

/** A connection that frames are posted to, and what it can bear. */
export interface Recipient {
  readonly connection: string;
  readonly user: string;
  readonly features: readonly Feature[];
}

export interface ReadOptions {
  readonly consistent?: boolean;
  /** Rows that are read; default: all, over all pages. */
  readonly atMost?: number;
}

/** The rows of one partition of Connections that have not expired. */
export type ConnectionRows = (
  partition: AttributeValue,
  options?: ReadOptions,
) => Promise<readonly Item[]>;

/** Everybody in one partition of Connections. */
export type Recipients = (
  partition: AttributeValue,
  options?: ReadOptions,
) => Promise<readonly Recipient[]>;

interface ConnectionsTable {
  readonly db: DynamoDb;
  readonly table: string;
  readonly now: () => number;
}

export function createConnectionRows({ db, table, now }: ConnectionsTable): ConnectionRows {
  return async (partition, { consistent = false, atMost } = {}) => {
    const rows: Item[] = [];
    // The TTL may delete a row days after its time.
    const isOver = (item: Item) => (number(item, 'expires') ?? Infinity) * 1_000 < now();
    let from: Item | undefined;
    do {
      const page = await db.call('Query', {
        TableName: table,
        KeyConditionExpression: 'pk = :partition',
        ExpressionAttributeValues: { ':partition': partition },
        ...(consistent ? { ConsistentRead: true } : {}),
        ...(atMost === undefined ? {} : { Limit: atMost - rows.length }),
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      });
      rows.push(...(page.Items ?? []).filter((item) => !isOver(item)));
      from = page.LastEvaluatedKey;
    } while (from !== undefined && rows.length < (atMost ?? Infinity));
    return rows;
  };
}

export function createRecipients(options: ConnectionsTable): Recipients {
  const rows = createConnectionRows(options);
  return async (partition, read) => (await rows(partition, read)).map(toRecipient);
}

export const toRecipient = (item: Item): Recipient => ({
  connection: text(item, 'sk'),
  user: text(item, 'user'),
  features: features(item),
});
