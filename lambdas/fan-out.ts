import { createDynamoDb } from './core/aws/dynamodb.ts';
import { createLambda } from './core/aws/lambda.ts';
import { createCrowd } from './core/crowd.ts';
import { createFanOut } from './core/fan-out.ts';
import type { FanOutJob } from './core/fan-out-jobs.ts';
import { createLog } from './core/log.ts';
import { createPostBudget } from './core/post-budget.ts';
import { report } from './core/report.ts';
import { createRoomSizes } from './core/room-sizes.ts';
import { numberVariable, variable } from './environment.ts';

/** A job of a large room, started by the broadcaster: shares the posts out among many `deliver`s. */
const db = createDynamoDb();
const connections = { db, table: variable('connections') };
const sizes = createRoomSizes(connections);
const largeRoom = numberVariable('largeRoom');
const postsPerSecond = numberVariable('postsPerSecond');
const fanOut = createFanOut({
  log: createLog({ db, table: variable('messages') }),
  crowd: createCrowd({ ...connections, sizes, largeRoom }),
  sizes,
  budget: createPostBudget({ ...connections, postsPerSecond }),
  lambda: createLambda(),
  functionName: variable('deliver'),
  postsPerSecond,
  largeRoom,
});

export const handler = async (
  job: FanOutJob,
  context: { getRemainingTimeInMillis(): number },
): Promise<void> => {
  const result = await fanOut(job, Date.now() + context.getRemainingTimeInMillis());
  report({ route: 'fan-out', ...result });
};
