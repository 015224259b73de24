import { randomBytes } from 'node:crypto';

import { toRoomName, toUsername } from '../../protocol/names.ts';
import { type DynamoDb, isConditionFailed, type Item } from './aws/dynamodb.ts';
import type { Online } from './online.ts';
import { memberKey, profileKey, roomKey, text, TOKEN_ENTRIES, tokenKey } from './rows.ts';
import type { RoomsOfUser } from './rooms.ts';
import type { Sessions } from './sessions.ts';
import { hashToken, mintToken } from './tokens.ts';
import type { Viewers } from './viewers.ts';

/**
 * The people and rooms of a chat, as an operator changes them. What is changed takes effect on the
 * sockets that are open: a new member's devices hear the room at once, a revoked user's are signed out.
 */
export interface Directory {
  /** `exists`: there is one of that name already, and nothing has changed. */
  addUser(name: string): Promise<'added' | 'exists'>;
  /** A new token, valid for so many days; it is shown here and never again. */
  issueToken(user: string, days: number): Promise<string>;
  /** Revokes all tokens of a user, and signs the user's devices out; answers how many tokens. */
  revokeTokens(user: string): Promise<number>;
  /** Adds a room with its members; the answer is its id. An id that is given may exist already. */
  addRoom(name: string, members: readonly string[], id?: string): Promise<string>;
}

/** What an operator asked for and cannot have; the message says why, in one line. */
export class DirectoryError extends Error {}

const DAY_SECONDS = 86_400;
const ROOM_ID_BYTES = 16;

/** Rooms are keys of objects in `sync`, and whoever reads JSON with care drops these. */
const UNUSABLE_IDS = new Set(['__proto__', 'constructor', 'prototype']);

interface DirectoryParts {
  readonly db: DynamoDb;
  readonly usersTable: string;
  readonly roomsTable: string;
  readonly sessions: Sessions;
  readonly online: Online;
  readonly viewers: Viewers;
  readonly rooms: RoomsOfUser;
  readonly now?: () => number;
}

export function createDirectory(parts: DirectoryParts): Directory {
  const { db, usersTable, roomsTable, online, now = Date.now } = parts;

  const putNew = async (table: string, key: Item, attributes: Item) => {
    try {
      await db.call('PutItem', {
        TableName: table,
        Item: { ...key, ...attributes },
        ConditionExpression: 'attribute_not_exists(entry)',
      });
      return 'added';
    } catch (error) {
      if (isConditionFailed(error)) return 'exists';
      throw error;
    }
  };

  const mustExist = async (user: string) => {
    const { Item } = await db.call('GetItem', { TableName: usersTable, Key: profileKey(user) });
    if (Item === undefined) throw new DirectoryError(`There is no user ${user}`);
  };

  const createdAt = () => ({ createdAt: { N: String(now()) } });

  return {
    async addUser(name) {
      const user = toUsername(name);
      if (user === undefined) {
        throw new DirectoryError(
          `${JSON.stringify(name)} cannot be a username: 1 to 64 letters, digits, dots, dashes and underscores`,
        );
      }
      return putNew(usersTable, profileKey(user), createdAt());
    },

    async issueToken(user, days) {
      await mustExist(user);
      const token = mintToken(user);
      const expires = Math.floor(now() / 1_000 + days * DAY_SECONDS);
      await db.call('PutItem', {
        TableName: usersTable,
        Item: {
          ...tokenKey(user, hashToken(token)),
          ...createdAt(),
          expires: { N: String(expires) },
        },
      });
      return token;
    },

    revokeTokens: (user) => revokeTokens(parts, user),

    async addRoom(roomName, members, id = randomBytes(ROOM_ID_BYTES).toString('hex')) {
      const name = toRoomName(roomName);
      if (name === undefined) {
        throw new DirectoryError(`${JSON.stringify(roomName)} cannot be the name of a room`);
      }
      if (UNUSABLE_IDS.has(id)) throw new DirectoryError(`${id} cannot be the id of a room`);
      for (const member of members) await mustExist(member);
      const kind = { S: 'private' };
      await putNew(roomsTable, roomKey(id), { name: { S: name }, kind, ...createdAt() });
      for (const user of members) {
        const attributes = { user: { S: user }, role: { S: 'member' }, ...createdAt() };
        await putNew(roomsTable, memberKey(id, user), attributes);
        for (const device of await online.devicesOf(user)) await online.enter(device, [id]);
      }
      return id;
    },
  };
}

async function revokeTokens(parts: DirectoryParts, user: string): Promise<number> {
  const { db, usersTable, online, viewers, rooms, sessions } = parts;
  const { Items: tokens = [] } = await db.call('Query', {
    TableName: usersTable,
    KeyConditionExpression: '#user = :user AND begins_with(entry, :tokens)',
    ExpressionAttributeNames: { '#user': 'user' },
    ExpressionAttributeValues: { ':user': { S: user }, ':tokens': { S: TOKEN_ENTRIES } },
    ConsistentRead: true,
  });
  for (const token of tokens) {
    const entry = text(token, 'entry');
    await db.call('DeleteItem', {
      TableName: usersTable,
      Key: { user: { S: user }, entry: { S: entry } },
    });
  }
  // Tokens first, so that a device which is signed out cannot sign in again with one of them.
  const roomsOfUser = await rooms.of(user);
  for (const { connection } of await online.devicesOf(user)) {
    await viewers.lookAway(connection);
    await sessions.signOut(connection);
    await online.leave(connection, user, roomsOfUser);
  }
  return tokens.length;
}
