/**
 * Expiry, which the embedded engine does not do by itself: a sweep removes items whose expiry has
 * passed, and the stream shows DynamoDB as their user. As on AWS, an expiry counts only when it is a
 * number and lies at most five years back; unlike there, an item is gone within a minute and not
 * within days. An engine given by URL expires items itself, or not at all.
 */
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { TableResource } from '../model.ts';
import type { Item } from './attribute-value.ts';
import { call, demand, DYNAMODB } from './client.ts';
import type { Engine } from './engine.ts';

export interface TtlSweepOptions {
  readonly engine: Engine;
  readonly tables: readonly TableResource[];
  readonly clock: Clock;
  /** Milliseconds of the clock between sweeps; default: a minute. */
  readonly intervalMs?: number;
  readonly log?: Log;
  /** An item of this table was removed. */
  onWrite(tableName: string): void;
}

export interface TtlSweep {
  /** Sweeps now; the answer is how many items were removed. */
  sweep(): Promise<number>;
  /** Begins no further sweep. */
  close(): void;
}

const FIVE_YEARS_SECONDS = 5 * 365 * 24 * 60 * 60;

/** How many items are removed at once. */
const PARALLEL = 10;

export function startTtlSweep(options: TtlSweepOptions): TtlSweep {
  const { engine, tables, clock, intervalMs = 60_000, log } = options;
  const sweep = async () => {
    let removed = 0;
    for (const { name, ttlAttribute, keySchema } of tables) {
      if (ttlAttribute === undefined || engine.markRemovals === undefined) continue;
      const key = keySchema.map((element) => element.name);
      const nowSeconds = Math.floor(clock.now() / 1000);
      const expiry = { tableName: name, attribute: ttlAttribute, nowSeconds, key };
      const count = await sweepTable(engine, expiry);
      if (count > 0) options.onWrite(name);
      removed += count;
    }
    return removed;
  };
  let closed = false;
  let cancel = () => {};
  const schedule = () => {
    if (closed) return;
    cancel = clock.after(intervalMs, () => {
      sweep()
        .catch((error: unknown) => {
          if (!closed) log?.('emulator', `cannot remove expired items: ${String(error)}`);
        })
        .finally(schedule);
    });
  };
  schedule();
  return {
    sweep,
    close() {
      closed = true;
      cancel();
    },
  };
}

interface Expiry {
  readonly tableName: string;
  readonly attribute: string;
  readonly nowSeconds: number;
  /** Names of the key's attributes. */
  readonly key: readonly string[];
}

async function sweepTable(engine: Engine, expiry: Expiry): Promise<number> {
  const keys = await findExpired(engine, expiry);
  if (keys.length === 0) return 0;
  const unmark = engine.markRemovals?.(expiry);
  try {
    let removed = 0;
    for (let at = 0; at < keys.length; at += PARALLEL) {
      const chunk = keys.slice(at, at + PARALLEL);
      const results = await Promise.all(chunk.map((key) => remove(engine, expiry, key)));
      removed += results.filter(Boolean).length;
    }
    return removed;
  } finally {
    unmark?.();
  }
}

/** Comparing with a number leaves out what is none. */
const EXPIRED = '#expiry <= :now AND #expiry >= :oldest';

const expiryValues = ({ nowSeconds }: Expiry) => ({
  ':now': { N: String(nowSeconds) },
  ':oldest': { N: String(nowSeconds - FIVE_YEARS_SECONDS) },
});

async function findExpired(engine: Engine, expiry: Expiry): Promise<readonly Item[]> {
  const found: Item[] = [];
  const names = Object.fromEntries(expiry.key.map((name, index) => [`#key${index}`, name]));
  let from: object = {};
  for (;;) {
    const page = await demand(engine, `${DYNAMODB}Scan`, {
      TableName: expiry.tableName,
      FilterExpression: EXPIRED,
      ProjectionExpression: Object.keys(names).join(', '),
      ExpressionAttributeNames: { ...names, '#expiry': expiry.attribute },
      ExpressionAttributeValues: expiryValues(expiry),
      ...from,
    });
    found.push(...(page['Items'] as readonly Item[]));
    const next = page['LastEvaluatedKey'] as Item | undefined;
    if (next === undefined) return found;
    from = { ExclusiveStartKey: next };
  }
}

/** False when the item's expiry was put off, or it was removed, in the meantime. */
async function remove(engine: Engine, expiry: Expiry, key: Item): Promise<boolean> {
  const { status } = await call(engine, `${DYNAMODB}DeleteItem`, {
    TableName: expiry.tableName,
    Key: key,
    ConditionExpression: EXPIRED,
    ExpressionAttributeNames: { '#expiry': expiry.attribute },
    ExpressionAttributeValues: expiryValues(expiry),
  });
  return status === 200;
}
