import { type DynamoDb, isConditionFailed, type Item } from './aws/dynamodb.ts';
import { type RateLimit, retryAfterSeconds } from './rate.ts';
import { features, number, sessionKey, text } from './rows.ts';
import type { Session } from './sessions.ts';

/**
 * A turn to speak: every action but `authenticate` takes the caller's session and one token of the
 * rate limit in a single write on the connection's row.
 */
export interface Turns {
  take(connection: string): Promise<Session | NoTurn>;
}

export interface NoTurn {
  readonly refused: 'authentication_required' | 'rate_limited';
  /** Seconds, with `rate_limited`. */
  readonly retryAfter?: number;
}

/**
 * How far the clocks of two machines may be apart. A `tat` that is ahead by more than this limit alone
 * can bring about was written by a clock that was off, and nobody is kept waiting for it. Milliseconds.
 */
const CLOCK_LEEWAY_MS = 5_000;

const speaks = (item: Item, time: number) =>
  'user' in item && (number(item, 'validUntil') ?? 0) > time;

export function createTurns(options: {
  readonly db: DynamoDb;
  readonly table: string;
  readonly rate: RateLimit;
  readonly now?: () => number;
}): Turns {
  const { db, table, rate, now = Date.now } = options;

  /** One write; the row as it is now, or as it was when the condition failed. */
  const move = async (connection: string, time: number, step: TatStep) => {
    try {
      const { Attributes: item = {} } = await db.call('UpdateItem', {
        TableName: table,
        Key: sessionKey(connection),
        UpdateExpression: `SET tat = ${step.to}`,
        ConditionExpression: `attribute_exists(#user) AND validUntil > :now AND (${step.when})`,
        ExpressionAttributeNames: { '#user': 'user' },
        ExpressionAttributeValues: {
          ':now': { N: String(time) },
          ...Object.fromEntries(
            Object.entries(step.values).map(([name, value]) => [name, { N: String(value) }]),
          ),
        },
        ReturnValues: 'ALL_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      return { moved: true, item };
    } catch (error) {
      if (!isConditionFailed(error)) throw error;
      return { moved: false, item: error.item ?? {} };
    }
  };

  return {
    async take(connection) {
      const time = now();
      const strange = time + rate.toleranceMs + rate.intervalMs + CLOCK_LEEWAY_MS;
      // Most people type slower than the bucket refills, and then this write is the only one.
      let result = await move(connection, time, {
        to: ':next',
        when: 'attribute_not_exists(tat) OR tat <= :now OR tat > :strange',
        values: { ':next': time + rate.intervalMs, ':strange': strange },
      });
      if (!result.moved && speaks(result.item, time)) {
        // Inside a burst. The step is relative, so that frames handled side by side do not collide.
        result = await move(connection, time, {
          to: 'tat + :interval',
          when: 'tat <= :limit',
          values: { ':interval': rate.intervalMs, ':limit': time + rate.toleranceMs },
        });
      }
      const { moved, item } = result;
      if (!speaks(item, time)) return { refused: 'authentication_required' };
      if (moved) return { user: text(item, 'user'), features: features(item) };
      // A clock that is off may have written between the two writes.
      const tat = Math.min(number(item, 'tat') ?? time, strange);
      return { refused: 'rate_limited', retryAfter: retryAfterSeconds(rate, tat, time) };
    },
  };
}

/** How `tat` moves: to which expression, under which condition, with which numbers. */
interface TatStep {
  readonly to: string;
  readonly when: string;
  readonly values: Readonly<Record<`:${string}`, number>>;
}
