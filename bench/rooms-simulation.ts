import { type DynamoDb, DynamoDbError, type Item } from '../lambdas/core/aws/dynamodb.ts';
import type { Entry } from '../lambdas/core/entry.ts';
import { createFanOut, type DeliverEvent } from '../lambdas/core/fan-out.ts';
import { createFanOutJobs, type FanOutJob } from '../lambdas/core/fan-out-jobs.ts';
import { createPostBudget } from '../lambdas/core/post-budget.ts';
import type { Recipient } from '../lambdas/core/recipients.ts';
import { countPosts, postsEach, SHARE_CONNECTIONS } from '../lambdas/core/shares.ts';
import { atMost, type Figure, median } from './figure.ts';

/**
 * A room of 100,000 in virtual time: the jobs, the budget and the shares are the functions' own code;
 * the log, the people, Lambda's start and the posts are made up. Two messages a second for a minute;
 * batches come four times a second.
 */
const CONNECTIONS = 100_000;
const POSTS_PER_SECOND = 8_000;
const SAYS_EVERY_MS = 500;
const BATCH_EVERY_MS = 250;
const SECONDS = 60;
/** Until a started function runs, and until it has read 100,000 rows. Milliseconds; both guessed. */
const START_MS = 50;
const READ_MS = 500;
/** 500 posts of 15 ms, 256 at once. Milliseconds. */
const SHARE_MS = 30;

/** Time that passes only when everybody waits. */
function virtualTime() {
  const waiting: { readonly at: number; readonly resolve: () => void }[] = [];
  let time = 0;
  return {
    now: () => time,
    sleep: (milliseconds: number) =>
      new Promise<void>((resolve) => waiting.push({ at: time + milliseconds, resolve })),
    pass: async () => {
      for (;;) {
        await new Promise(setImmediate);
        const next = waiting.toSorted((one, other) => one.at - other.at)[0];
        if (next === undefined) return;
        waiting.splice(waiting.indexOf(next), 1);
        time = next.at;
        next.resolve();
      }
    },
  };
}

/** The one row of the budget, and DynamoDB's two conditions on it. */
function budgetRow(): DynamoDb {
  let until = 0;
  const call = async (_operation: string, input: object): Promise<object> => {
    const { ExpressionAttributeValues: values, UpdateExpression } = input as {
      ExpressionAttributeValues: Readonly<Record<string, { readonly N: string }>>;
      UpdateExpression: string;
    };
    const value = (name: string) => Number(values[name]?.N);
    const adds = UpdateExpression.includes(':cost');
    const holds = adds ? until > value(':now') && until < value(':far') : until <= value(':now');
    if (!holds) throw new DynamoDbError('ConditionalCheckFailedException', '', undefined);
    until = adds ? until + value(':cost') : value(':until');
    const Attributes: Item = { promisedUntil: { N: String(until) } };
    return { Attributes };
  };
  return { call };
}

const message = (seq: number, at: number): Entry => ({
  room: 'r',
  seq,
  n: seq,
  kind: 'message',
  user: 'somebody',
  uuid: String(seq),
  action: 'new_message',
  timestamp: at,
  sequencedAt: at,
  position: String(seq),
  said: { content: { kind: 'message', text: 'x'.repeat(300) }, nonce: 'chance' },
  hash: 'hash',
  chain: 'chain',
});

export async function crowdedRoom(): Promise<readonly Figure[]> {
  const { now, sleep, pass } = virtualTime();
  const entries: Entry[] = [];
  const saidAt: number[] = [];
  const recipients = Array.from({ length: CONNECTIONS }, (_, index): Recipient => ({
    connection: `connection-${index}`,
    user: `user-${index}`,
    features: ['batch'],
  }));
  const size = { shards: 64, connections: CONNECTIONS };
  const parts = { db: budgetRow(), table: 'Connections', postsPerSecond: POSTS_PER_SECOND, now };
  const budget = createPostBudget(parts);
  const starts: { readonly at: number; readonly posts: number }[] = [];
  /** When the last recipient had each entry. */
  const lastAt = new Map<number, number>();
  const jobs: number[] = [];

  const fanOut = createFanOut({
    log: {
      from: async (_room, from, count) => entries.slice(from - 1, from - 1 + count),
      tail: async (_room, count) => entries.slice(-count).toReversed(),
    },
    crowd: {
      async all() {
        await sleep(READ_MS);
        return { recipients, size };
      },
    },
    sizes: { note: async () => {} },
    budget,
    lambda: {
      async start(_name, event) {
        const { frames, recipients: share } = event as DeliverEvent;
        starts.push({ at: now() + START_MS, posts: countPosts(share, postsEach(frames)) });
        const done = now() + START_MS + SHARE_MS;
        for (const { message: told } of frames) if (told) lastAt.set(told.seq, done);
      },
    },
    functionName: 'deliver',
    postsPerSecond: POSTS_PER_SECOND,
    largeRoom: 2_000,
    now,
    sleep,
  });
  const fanOutJobs = createFanOutJobs({
    lambda: {
      async start(_name, event) {
        jobs.push(now());
        void sleep(START_MS).then(() => fanOut(event as FanOutJob, Infinity));
      },
    },
    functionName: 'fan-out',
    budget,
    now,
  });

  const talk = async () => {
    for (let batch = 1; batch <= (SECONDS * 1_000) / BATCH_EVERY_MS; batch += 1) {
      await sleep(BATCH_EVERY_MS);
      const from = entries.length + 1;
      while ((saidAt.length + 1) * SAYS_EVERY_MS <= now()) {
        saidAt.push((saidAt.length + 1) * SAYS_EVERY_MS);
        entries.push(message(entries.length + 1, now()));
      }
      if (entries.length < from || fanOutJobs.isWaiting('r')) continue;
      await fanOutJobs.start({ room: 'r', from, without: [] }, CONNECTIONS);
    }
  };
  void talk();
  await pass();

  const delays = saidAt.flatMap((at, index) => {
    const last = lastAt.get(index + 1);
    return last === undefined ? [] : [(last - at) / 1_000];
  });
  const total = (some: typeof starts) => some.reduce((sum, { posts }) => sum + posts, 0);
  const perSecond = Map.groupBy(starts, ({ at }) => Math.floor(at / 1_000));
  const most = Math.max(...[...perSecond.values()].map(total));
  const what = `${CONNECTIONS} connections, ${1_000 / SAYS_EVERY_MS} messages/s for ${SECONDS} s (simulated):`;
  return [
    { what: `${what} messages told of`, value: `${delays.length} of ${saidAt.length}` },
    atMost(`${what} first message until its last recipient`, delays[0] ?? Number.NaN, 15, 's'),
    {
      what: `${what} any message until its last recipient, median`,
      value: `${median(delays).toFixed(1)} s`,
    },
    atMost(`${what} the same, longest`, Math.max(...delays), 30, 's'),
    { what: `${what} jobs`, value: String(jobs.length) },
    {
      what: `${what} posts for each delivered message`,
      value: (total(starts) / (delays.length * CONNECTIONS)).toFixed(3),
    },
    atMost(`${what} most posts within a second`, most, POSTS_PER_SECOND + SHARE_CONNECTIONS),
  ];
}
