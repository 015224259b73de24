import { createDynamoDb } from './core/aws/dynamodb.ts';
import { createForget } from './core/forget.ts';
import { createOnline } from './core/online.ts';
import { createRoomsOfUser } from './core/rooms.ts';
import { createSessions } from './core/sessions.ts';
import { ROOMS_BY_USER, variable } from './environment.ts';

/**
 * `$disconnect`: a socket was closed. Best effort on AWS's side, so nothing may depend on it: it only
 * makes happen sooner what a 410 or the TTL would do later.
 */
const db = createDynamoDb();
const connections = { db, table: variable('connections') };
const forget = createForget({
  sessions: createSessions(connections),
  online: createOnline(connections),
  rooms: createRoomsOfUser({ db, table: variable('rooms'), index: ROOMS_BY_USER }),
});

export const handler = async (event: {
  readonly requestContext: { readonly connectionId: string };
}): Promise<{ readonly statusCode: 200 }> => {
  await forget(event.requestContext.connectionId);
  return { statusCode: 200 };
};
