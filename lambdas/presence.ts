import { PRESENCE_MAX_CONNECTIONS } from '../protocol/limits.ts';
import { callbackEndpoint, createConnectionsApi } from './core/aws/connections-api.ts';
import { createDynamoDb } from './core/aws/dynamodb.ts';
import type { ConnectionRecord } from './core/comings.ts';
import { createDeliver, POSTS_AT_ONCE } from './core/deliver.ts';
import { createForget } from './core/forget.ts';
import { createLastSeen } from './core/last-seen.ts';
import { createLiveness } from './core/liveness.ts';
import { createOccupancy } from './core/occupancy.ts';
import { createOnline } from './core/online.ts';
import { createPresence } from './core/presence.ts';
import { report } from './core/report.ts';
import { createRoomsOfUser } from './core/rooms.ts';
import { createSessions } from './core/sessions.ts';
import { createViewers } from './core/viewers.ts';
import { ROOMS_BY_USER, variable } from './environment.ts';

/** Listens to the Connections table, a window's records at a time, and tells who is there. */
const db = createDynamoDb();
const connections = { db, table: variable('connections') };
const api = createConnectionsApi(callbackEndpoint(variable('callbackUrl'), POSTS_AT_ONCE));
const presence = createPresence({
  occupancy: createOccupancy({ ...connections, atMost: PRESENCE_MAX_CONNECTIONS }),
  viewers: createViewers(connections),
  lastSeen: createLastSeen(connections),
  liveness: createLiveness({ api }),
  deliver: createDeliver({ api }),
  forget: createForget({
    sessions: createSessions(connections),
    online: createOnline(connections),
    rooms: createRoomsOfUser({ db, table: variable('rooms'), index: ROOMS_BY_USER }),
  }),
});

export const handler = async (
  event: { readonly Records: readonly ConnectionRecord[] },
  context: { getRemainingTimeInMillis(): number },
): Promise<void> => {
  const posted = await presence(event.Records, Date.now() + context.getRemainingTimeInMillis());
  report({ route: 'presence', records: event.Records.length, posted });
};
