import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { synthesize } from '../bin/local-chat.ts';
import type { StreamRecord } from '../lambdas/core/arrival.ts';
import { createConnectionsApi } from '../lambdas/core/aws/connections-api.ts';
import type { DynamoDb } from '../lambdas/core/aws/dynamodb.ts';
import { createEndpoint } from '../lambdas/core/aws/endpoint.ts';
import type { Lambda } from '../lambdas/core/aws/lambda.ts';
import { type BroadcastRoom, createBroadcastRoom } from '../lambdas/core/broadcast-room.ts';
import { createCrowd } from '../lambdas/core/crowd.ts';
import { createDeliver, POSTS_AT_ONCE } from '../lambdas/core/deliver.ts';
import { createFanOut, type DeliverEvent } from '../lambdas/core/fan-out.ts';
import { createFanOutJobs, type FanOutJob } from '../lambdas/core/fan-out-jobs.ts';
import { createLog } from '../lambdas/core/log.ts';
import { createOnline } from '../lambdas/core/online.ts';
import { createPostBudget } from '../lambdas/core/post-budget.ts';
import { createRoomSizes } from '../lambdas/core/room-sizes.ts';
import { onlineKey } from '../lambdas/core/rows.ts';
import { rowExpiry } from '../lambdas/core/sessions.ts';
import { shardOf, shardsFor } from '../lambdas/core/shards.ts';
import { startTables, type Tables } from '../test/support/tables.ts';
import { atMost, type Figure, median } from './figure.ts';
import { crowdedRoom } from './rooms-simulation.ts';

/**
 * A room of 10,000 connections: the functions' own code over rows in the real engine, and posts over
 * plain HTTP to a stub in another process, which takes 15 ms for each, and of a tenth never answers.
 * All functions share one process here, and its one CPU is what limits them; on AWS each `deliver` has
 * its own.
 */
const CONNECTIONS = 10_000;
const POST_MS = 15;
const SILENT_EVERY = 10;
const LARGE_ROOM = 2_000;
const POSTS_PER_SECOND = 8_000;
const RUNS = 3;
/** Batches of the hot room, and milliseconds between them. */
const HOT = { batches: 20, everyMs: 250 };

const ROOM = 'r';
const connectionOf = (index: number) => Buffer.from(String(index)).toString('base64url');

interface Post {
  readonly at: number;
  readonly silent: boolean;
}

async function withStub<Result>(
  silentEvery: number,
  use: (stub: {
    readonly url: string;
    readonly posts: () => Promise<readonly Post[]>;
  }) => Promise<Result>,
) {
  const script = fileURLToPath(new URL('rooms-stub.ts', import.meta.url));
  const stub = spawn(process.execPath, [script, String(POST_MS), String(silentEvery)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [port] = (await once(stub.stdout, 'data')) as [Buffer];
    const url = `http://127.0.0.1:${port.toString().trim()}`;
    const posts = async () => (await (await fetch(url)).json()) as readonly Post[];
    return await use({ url: `${url}/prod`, posts });
  } finally {
    stub.kill();
  }
}

async function fill({ db, name }: Tables): Promise<void> {
  const table = name('Connections');
  const shards = shardsFor(CONNECTIONS, LARGE_ROOM);
  const attributes = { features: { SS: ['batch'] }, ...rowExpiry(Date.now()) };
  const items = Array.from({ length: CONNECTIONS }, (_, index) => {
    const connection = connectionOf(index);
    const key = onlineKey(ROOM, connection, shardOf(connection, shards));
    return { PutRequest: { Item: { ...key, user: { S: `user-${index}` }, ...attributes } } };
  });
  for (let from = 0; from < items.length; from += 25) {
    await db.call('BatchWriteItem', { RequestItems: { [table]: items.slice(from, from + 25) } });
  }
  await createRoomSizes({ db, table }).note(ROOM, { shards, connections: CONNECTIONS });
}

/** Sandboxes of `deliver`: each has sockets of its own, and is used by one invocation at a time. */
function createSandboxes(url: string) {
  const idle: ReturnType<typeof createDeliver>[] = [];
  const start = () =>
    createDeliver({
      api: createConnectionsApi(
        createEndpoint({
          url,
          service: 'execute-api',
          maxSockets: POSTS_AT_ONCE,
          region: 'us-east-1',
          credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
        }),
      ),
    });
  return async ({ recipients, frames }: DeliverEvent) => {
    const deliver = idle.pop() ?? start();
    await deliver(recipients, frames, Date.now() + 60_000);
    idle.push(deliver);
  };
}

/** The broadcaster, and the functions that it starts. */
function startFunctions({ db, name }: Tables, url: string) {
  const deliver = createSandboxes(url);
  const underWay = new Set<Promise<unknown>>();
  const lambda: Lambda = {
    async start(functionName, event) {
      const run = functionName === 'deliver' ? deliver(event as DeliverEvent) : job(event);
      underWay.add(run);
      void run.finally(() => underWay.delete(run));
    },
  };
  const parts = roomParts(db, name('Connections'), name('Messages'));
  const { log, crowd, sizes, budget } = parts;
  const fanOut = createFanOut({
    log,
    crowd,
    sizes,
    budget,
    lambda,
    functionName: 'deliver',
    postsPerSecond: POSTS_PER_SECOND,
    largeRoom: LARGE_ROOM,
  });
  const job = (event: object) => fanOut(event as FanOutJob, Date.now() + 60_000);
  const jobs = { started: 0 };
  const broadcastRoom = createBroadcastRoom({
    ...parts,
    fanOut: createFanOutJobs({
      budget,
      functionName: 'fan-out',
      lambda: {
        start(functionName, event) {
          jobs.started += 1;
          return lambda.start(functionName, event);
        },
      },
    }),
    members: { member: async () => undefined },
    deliver: () => Promise.reject(new Error('the broadcaster posts nothing to a large room')),
    forget: async () => {},
    deadLetters: { send: async () => {} },
  });
  const settled = async () => {
    while (underWay.size > 0) await Promise.all(underWay);
  };
  return { broadcastRoom, settled, jobs };
}

function roomParts(db: DynamoDb, table: string, messages: string) {
  const sizes = createRoomSizes({ db, table });
  return {
    log: createLog({ db, table: messages }),
    sizes,
    crowd: createCrowd({ db, table, sizes, largeRoom: LARGE_ROOM }),
    online: createOnline({ db, table, sizes }),
    budget: createPostBudget({ db, table, postsPerSecond: POSTS_PER_SECOND }),
  };
}

let said = 0;

/** Says something, and answers for how long the broadcaster was busy with it. Milliseconds. */
async function say(broadcastRoom: BroadcastRoom): Promise<number> {
  said += 1;
  const uuid = `message-${said}`;
  const record: StreamRecord = {
    dynamodb: {
      Keys: { room: { S: ROOM }, entry: { S: `user-0#${uuid}` } },
      SequenceNumber: String(1_000_000 + said),
      NewImage: {
        room: { S: ROOM },
        user: { S: 'user-0' },
        uuid: { S: uuid },
        action: { S: 'new_message' },
        content: { S: JSON.stringify({ kind: 'message', text: 'x'.repeat(300) }) },
        nonce: { S: 'chance' },
        acceptedAt: { N: String(Date.now()) },
      },
    },
  };
  const beganAt = performance.now();
  await broadcastRoom(ROOM, [record], Date.now() + 60_000);
  return performance.now() - beganAt;
}

/** The most posts of any second. */
export function mostWithinASecond(times: readonly number[]): number {
  const sorted = times.toSorted((one, other) => one - other);
  let most = 0;
  let from = 0;
  for (const [index, at] of sorted.entries()) {
    while (at - (sorted[from] ?? at) >= 1_000) from += 1;
    most = Math.max(most, index - from + 1);
  }
  return most;
}

interface Run {
  /** Milliseconds from the batch to the last post to a connection that answers. */
  readonly lastMs: number;
  readonly heldMs: number;
  readonly posts: number;
  readonly most: number;
}

async function once10k(tables: Tables, silentEvery: number): Promise<Run> {
  return withStub(silentEvery, async ({ url, posts }) => {
    const { broadcastRoom, settled } = startFunctions(tables, url);
    const runs: Run[] = [];
    for (let run = 0; run <= RUNS; run += 1) {
      // The budget of the run before is used up by then.
      await sleep((CONNECTIONS * 1_000) / POSTS_PER_SECOND);
      const beganAt = performance.timeOrigin + performance.now();
      const heldMs = await say(broadcastRoom);
      await settled();
      const came = await posts();
      const answered = came.filter(({ silent }) => !silent).map(({ at }) => at);
      const lastMs = Math.max(...answered) + POST_MS - beganAt;
      const most = mostWithinASecond(came.map(({ at }) => at));
      // The first opens the sockets.
      if (run > 0) runs.push({ lastMs, heldMs, posts: came.length, most });
    }
    const of = (key: keyof Run) => runs.map((run) => run[key]);
    return {
      lastMs: median(of('lastMs')),
      heldMs: Math.max(...of('heldMs')),
      posts: median(of('posts')),
      most: Math.max(...of('most')),
    };
  });
}

async function hot(tables: Tables): Promise<readonly Figure[]> {
  return withStub(0, async ({ url, posts }) => {
    const { broadcastRoom, settled, jobs } = startFunctions(tables, url);
    const held: number[] = [];
    for (let batch = 0; batch < HOT.batches; batch += 1) {
      held.push(await say(broadcastRoom));
      await sleep(HOT.everyMs);
    }
    await settled();
    const came = await posts();
    const what = `${CONNECTIONS} connections, ${HOT.batches} batches in ${(HOT.batches * HOT.everyMs) / 1_000} s:`;
    return [
      { what: `${what} jobs`, value: String(jobs.started) },
      { what: `${what} posts`, value: String(came.length) },
      atMost(
        `${what} most posts within a second`,
        mostWithinASecond(came.map(({ at }) => at)),
        THROTTLE,
      ),
      {
        what: `${what} broadcaster busy with one, beside all posts on its CPU, median`,
        value: `${Math.round(median(held))} ms`,
      },
    ];
  });
}

/**
 * AWS's throttle of an account. Shares begin at the pace of the budget, which is a fifth less: one that
 * takes longer than the next runs into it.
 */
const THROTTLE = 10_000;

/** For how long a large room may hold the others of its shard, as the architecture has it. Milliseconds. */
const HELD_MS = 1_000;

export async function rooms(): Promise<readonly Figure[]> {
  const outdir = mkdtempSync(join(tmpdir(), 'parley-assembly-'));
  const tables = await startTables(synthesize(outdir));
  const memory = { most: 0 };
  const watch = setInterval(() => {
    memory.most = Math.max(memory.most, process.memoryUsage().heapUsed);
  }, 50);
  try {
    await fill(tables);
    const all = await once10k(tables, 0);
    const tenth = await once10k(tables, SILENT_EVERY);
    const what = `${CONNECTIONS} connections at ${POST_MS} ms a post:`;
    return [
      atMost(`${what} last recipient`, all.lastMs, 3_000, 'ms'),
      atMost(`${what} a tenth never answers, last of the others`, tenth.lastMs, 3_500, 'ms'),
      { what: `${what} posts`, value: String(all.posts) },
      atMost(`${what} most posts within a second`, Math.max(all.most, tenth.most), THROTTLE),
      atMost(`${what} broadcaster busy, longest`, all.heldMs, HELD_MS, 'ms'),
      ...(await hot(tables)),
      {
        what: 'heap of all functions together, most',
        value: `${Math.round(memory.most / 1_024 ** 2)} MB`,
      },
      ...(await crowdedRoom()),
    ];
  } finally {
    clearInterval(watch);
    await tables.close();
    rmSync(outdir, { recursive: true, force: true });
  }
}
