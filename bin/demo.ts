import type { Directory } from '../lambdas/core/directory.ts';

/** The people and rooms that `npm start` begins with. */
export interface Demo {
  readonly users: readonly { readonly username: string; readonly token: string }[];
  readonly rooms: readonly {
    readonly id: string;
    readonly name: string;
    readonly members: readonly string[];
  }[];
}

const USERS = ['alice', 'bob', 'carol'];
const ROOMS = [
  { id: 'lobby', name: 'Lobby', members: ['alice', 'bob'] },
  { id: 'engineering', name: 'Engineering', members: ['alice', 'bob', 'carol'] },
];
const TOKEN_DAYS = 30;

/** Adds what is missing, so that it may run again on data that was kept; the tokens are always new. */
export async function addDemo(directory: Directory): Promise<Demo> {
  const users = [];
  for (const username of USERS) {
    await directory.addUser(username);
    users.push({ username, token: await directory.issueToken(username, TOKEN_DAYS) });
  }
  for (const { id, name, members } of ROOMS) await directory.addRoom(name, members, id);
  return { users, rooms: ROOMS };
}
