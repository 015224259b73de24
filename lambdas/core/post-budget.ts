import { type DynamoDb, isConditionFailed } from './aws/dynamodb.ts';
import { number, postBudgetKey } from './rows.ts';

/**
 * The account's throttle, shared by all who post to large rooms: a token bucket in one row, which says
 * up to when posts are promised. Whoever wants to make so many is told when they may begin, and whoever
 * comes next begins when these are through. A job is thousands of posts, so the row is written a few
 * times a second at most; what goes to small rooms does not ask, and has the rest of the throttle.
 */
export interface PostBudget {
  /**
   * When so many posts may begin, in milliseconds since the epoch; undefined when more is promised
   * already than anybody will wait for, and nothing was taken.
   */
  take(posts: number): Promise<number | undefined>;
}

/** The promises reach no further than this. Milliseconds; a job waits for its time in a function. */
export const PROMISED_MAX_MS = 300_000;

/** Somebody else may come first, each time. */
const TRIES = 10;

export function createPostBudget(options: {
  readonly db: DynamoDb;
  readonly table: string;
  readonly postsPerSecond: number;
  readonly now?: () => number;
}): PostBudget {
  const { db, table, postsPerSecond, now = Date.now } = options;
  /** As far as this sandbox knows: which of the two writes will probably hold. */
  let promisedUntil = 0;

  const write = async (update: string, condition: string, values: Record<string, number>) => {
    try {
      const { Attributes = {} } = await db.call('UpdateItem', {
        TableName: table,
        Key: postBudgetKey,
        UpdateExpression: `SET promisedUntil = ${update}`,
        ConditionExpression: condition,
        ExpressionAttributeValues: Object.fromEntries(
          Object.entries(values).map(([name, value]) => [name, { N: String(value) }]),
        ),
        ReturnValues: 'UPDATED_NEW',
      });
      return number(Attributes, 'promisedUntil');
    } catch (error) {
      if (isConditionFailed(error)) return undefined;
      throw error;
    }
  };

  const behindOthers = (cost: number, time: number) =>
    write('promisedUntil + :cost', 'promisedUntil > :now AND promisedUntil < :far', {
      ':cost': cost,
      ':now': time,
      ':far': time + PROMISED_MAX_MS,
    });

  const atOnce = (cost: number, time: number) =>
    write(':until', 'attribute_not_exists(promisedUntil) OR promisedUntil <= :now', {
      ':until': time + cost,
      ':now': time,
    });

  return {
    async take(posts) {
      const cost = Math.ceil((posts * 1_000) / postsPerSecond);
      for (let tried = 0; tried < TRIES; tried += 1) {
        const time = now();
        const [first, second] =
          promisedUntil > time ? [behindOthers, atOnce] : [atOnce, behindOthers];
        const until = (await first(cost, time)) ?? (await second(cost, time));
        if (until !== undefined) {
          promisedUntil = until;
          return until - cost;
        }
      }
      return undefined;
    },
  };
}
