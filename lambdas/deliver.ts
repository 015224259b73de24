import { callbackEndpoint, createConnectionsApi } from './core/aws/connections-api.ts';
import { createDynamoDb } from './core/aws/dynamodb.ts';
import { createDeliver, POSTS_AT_ONCE } from './core/deliver.ts';
import type { DeliverEvent } from './core/fan-out.ts';
import { createForget } from './core/forget.ts';
import { createOnline } from './core/online.ts';
import { report } from './core/report.ts';
import { createRoomsOfUser } from './core/rooms.ts';
import { createSessions } from './core/sessions.ts';
import { ROOMS_BY_USER, variable } from './environment.ts';

/** Posts one share of a job (`fan-out.ts`), and forgets the connections that are no more. */
const db = createDynamoDb();
const connections = { db, table: variable('connections') };
const deliver = createDeliver({
  api: createConnectionsApi(callbackEndpoint(variable('callbackUrl'), POSTS_AT_ONCE)),
});
const forget = createForget({
  sessions: createSessions(connections),
  online: createOnline(connections),
  rooms: createRoomsOfUser({ db, table: variable('rooms'), index: ROOMS_BY_USER }),
});

export const handler = async (
  { recipients, frames }: DeliverEvent,
  context: { getRemainingTimeInMillis(): number },
): Promise<void> => {
  const deadline = Date.now() + context.getRemainingTimeInMillis() - RESERVE_MS;
  const { posted, failed, gone } = await deliver(recipients, frames, deadline);
  await Promise.all(gone.map(({ connection, user }) => forget(connection, user)));
  report({ route: 'deliver', posted, failed, gone: gone.length });
};

/** Time kept back from the posts for the rows of those who are gone. Milliseconds. */
const RESERVE_MS = 5_000;
