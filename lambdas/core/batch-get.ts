import { setTimeout as sleep } from 'node:timers/promises';

import type { DynamoDb, Item } from './aws/dynamodb.ts';

/**
 * Reads many rows of one table by their keys, in no order; a row that is not there is left out. What
 * DynamoDB could not read under load is asked for again.
 */
export type BatchGet = (
  keys: readonly Item[],
  options?: { readonly consistent?: boolean },
) => Promise<readonly Item[]>;

/** DynamoDB takes at most this many keys in one BatchGetItem. */
const BATCH_KEYS = 100;

/** Tries of a batch that a throttled table reads only in part; full jitter up to this times 2ⁿ. */
const BATCH_TRIES = 6;
const BACKOFF_MS = 25;

export function createBatchGet(options: {
  readonly db: DynamoDb;
  readonly table: string;
}): BatchGet {
  const { db, table } = options;

  const read = async (keys: readonly Item[], consistent: boolean) => {
    const items: Item[] = [];
    let left = keys;
    for (let tried = 0; left.length > 0; tried += 1) {
      if (tried === BATCH_TRIES) throw new Error(`${table} takes no more reads for now`);
      if (tried > 0) await sleep(Math.random() * BACKOFF_MS * 2 ** tried);
      const { Responses = {}, UnprocessedKeys = {} } = await db.call('BatchGetItem', {
        RequestItems: { [table]: { Keys: left, ConsistentRead: consistent } },
      });
      items.push(...(Responses[table] ?? []));
      left = UnprocessedKeys[table]?.Keys ?? [];
    }
    return items;
  };

  return async (keys, { consistent = false } = {}) => {
    const chunks = Array.from({ length: Math.ceil(keys.length / BATCH_KEYS) }, (_, index) =>
      keys.slice(index * BATCH_KEYS, (index + 1) * BATCH_KEYS),
    );
    return (await Promise.all(chunks.map((chunk) => read(chunk, consistent)))).flat();
  };
}
