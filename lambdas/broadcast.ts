import { setTimeout as sleep } from 'node:timers/promises';

import { positionOf, roomOf, type StreamRecord } from './core/arrival.ts';
import { callbackEndpoint, createConnectionsApi } from './core/aws/connections-api.ts';
import { createDynamoDb } from './core/aws/dynamodb.ts';
import { createLambda } from './core/aws/lambda.ts';
import { createQueue } from './core/aws/queue.ts';
import { type BroadcastRoom, createBroadcastRoom } from './core/broadcast-room.ts';
import { createCrowd } from './core/crowd.ts';
import { createDeliver, POSTS_AT_ONCE } from './core/deliver.ts';
import { createFanOutJobs } from './core/fan-out-jobs.ts';
import { createForget } from './core/forget.ts';
import { createLog } from './core/log.ts';
import { holdMs } from './core/pace.ts';
import { createOnline } from './core/online.ts';
import { createPostBudget } from './core/post-budget.ts';
import { report } from './core/report.ts';
import { createRoomSizes } from './core/room-sizes.ts';
import { createMembership, createRoomsOfUser } from './core/rooms.ts';
import { byPosition } from './core/sequence.ts';
import { createSessions } from './core/sessions.ts';
import { numberVariable, ROOMS_BY_USER, variable } from './environment.ts';

/**
 * Sequences and broadcasts: consumes the Inbox's stream, one batch at a time, so that every room has
 * one writer. The rooms of a batch are worked side by side, each in its order. A room that fails gives
 * back its first record: Lambda retries from the lowest of these, and what other rooms have appended
 * by then is recognised when it comes again.
 */
export interface BatchResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** Time kept back from the posts for the answer to Lambda. Milliseconds. */
const RESERVE_MS = 2_000;

export function makeBroadcast(
  broadcastRoom: BroadcastRoom,
): (records: readonly StreamRecord[], deadline: number) => Promise<BatchResponse> {
  let previousEndedAt: number | undefined;
  return async (records, deadline) => {
    const beganAt = performance.now();
    const rooms = await Promise.all(
      [...Map.groupBy(records, roomOf)].map(async ([room, ofRoom]) => {
        try {
          const { appended, delivery } = await broadcastRoom(room, ofRoom, deadline);
          const { posted, failed, gone } = delivery;
          report({ route: 'broadcast', appended, posted, failed, gone: gone.length });
          return { posted, failures: [] };
        } catch (error) {
          const { name, message } = error as Error;
          report({ route: 'broadcast', outcome: 'retry', error: name, reason: message });
          const positions = ofRoom.map((record) => ({ position: positionOf(record) }));
          const failures = positions.toSorted(byPosition).slice(0, 1);
          return { posted: 0, failures: failures.map(({ position }) => position) };
        }
      }),
    );
    const posts = Math.max(...rooms.map(({ posted }) => posted));
    await sleep(holdMs({ beganAt, previousEndedAt, posts, now: performance.now() }));
    previousEndedAt = performance.now();
    const failures = rooms.flatMap(({ failures: ofRoom }) => ofRoom);
    return { batchItemFailures: failures.map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

const db = createDynamoDb();
const connections = { db, table: variable('connections') };
const sizes = createRoomSizes(connections);
const online = createOnline({ ...connections, sizes });
const rooms = createRoomsOfUser({ db, table: variable('rooms'), index: ROOMS_BY_USER });
const broadcast = makeBroadcast(
  createBroadcastRoom({
    log: createLog({ db, table: variable('messages') }),
    crowd: createCrowd({ ...connections, sizes, largeRoom: numberVariable('largeRoom') }),
    online,
    members: createMembership({ db, table: variable('rooms') }),
    fanOut: createFanOutJobs({
      lambda: createLambda(),
      functionName: variable('fanOut'),
      budget: createPostBudget({
        ...connections,
        postsPerSecond: numberVariable('postsPerSecond'),
      }),
    }),
    deliver: createDeliver({
      api: createConnectionsApi(callbackEndpoint(variable('callbackUrl'), POSTS_AT_ONCE)),
    }),
    forget: createForget({ sessions: createSessions(connections), online, rooms }),
    deadLetters: createQueue(variable('deadLetters')),
  }),
);

export const handler = (
  event: { readonly Records: readonly StreamRecord[] },
  context: { getRemainingTimeInMillis(): number },
): Promise<BatchResponse> =>
  broadcast(event.Records, Date.now() + context.getRemainingTimeInMillis() - RESERVE_MS);
