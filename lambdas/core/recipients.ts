import type { Feature } from '../../protocol/features.ts';
import type { AttributeValue, DynamoDb, Item } from './aws/dynamodb.ts';
import { features, number, text } from './rows.ts';

/** A connection that frames are posted to, and what it can bear. */
export interface Recipient {
  readonly connection: string;
  readonly user: string;
  readonly features: readonly Feature[];
}

/** Everybody in one partition of Connections, all pages of it. */
export type Recipients = (
  partition: AttributeValue,
  options?: { readonly consistent?: boolean },
) => Promise<readonly Recipient[]>;

export function createRecipients(options: {
  readonly db: DynamoDb;
  readonly table: string;
  readonly now: () => number;
}): Recipients {
  const { db, table, now } = options;
  return async (partition, { consistent = false } = {}) => {
    const recipients: Recipient[] = [];
    // The TTL may delete a row days after its time.
    const isOver = (item: Item) => (number(item, 'expires') ?? Infinity) * 1_000 < now();
    let from: Item | undefined;
    do {
      const page = await db.call('Query', {
        TableName: table,
        KeyConditionExpression: 'pk = :partition',
        ExpressionAttributeValues: { ':partition': partition },
        ...(consistent ? { ConsistentRead: true } : {}),
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      });
      const items = (page.Items ?? []).filter((item) => !isOver(item));
      recipients.push(...items.map(toRecipient));
      from = page.LastEvaluatedKey;
    } while (from !== undefined);
    return recipients;
  };
}

const toRecipient = (item: Item): Recipient => ({
  connection: text(item, 'sk'),
  user: text(item, 'user'),
  features: features(item),
});
