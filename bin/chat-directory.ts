import type { DynamoDb } from '../lambdas/core/aws/dynamodb.ts';
import { createDirectory, type Directory } from '../lambdas/core/directory.ts';
import { createOnline } from '../lambdas/core/online.ts';
import { createRoomsOfUser } from '../lambdas/core/rooms.ts';
import { createSessions } from '../lambdas/core/sessions.ts';
import { createViewers } from '../lambdas/core/viewers.ts';
import { ROOMS_BY_USER } from '../lambdas/environment.ts';

/** Names of the tables that hold a chat's people and rooms. */
export interface DirectoryTables {
  readonly users: string;
  readonly rooms: string;
  readonly connections: string;
}

/** The people and rooms of the chat in these tables, wherever they are. */
export function chatDirectory(db: DynamoDb, tables: DirectoryTables): Directory {
  const connections = { db, table: tables.connections };
  return createDirectory({
    db,
    usersTable: tables.users,
    roomsTable: tables.rooms,
    sessions: createSessions(connections),
    online: createOnline(connections),
    viewers: createViewers(connections),
    rooms: createRoomsOfUser({ db, table: tables.rooms, index: ROOMS_BY_USER }),
  });
}
