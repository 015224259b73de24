import { type Role, ROLES } from '../../protocol/roles.ts';
import type { DynamoDb, Item } from './aws/dynamodb.ts';
import { createBatchGet } from './batch-get.ts';
import { memberKey, number, optionalText, text } from './rows.ts';

/** Who is a member of which room, asked from either side. */
export interface Membership {
  /** Read consistently: somebody who was removed is out at once. */
  member(room: string, user: string): Promise<Member | undefined>;
}

export interface Member {
  readonly user: string;
  readonly role: Role;
  /** Milliseconds since the epoch; may have passed. */
  readonly mutedUntil?: number;
  /** When the member last said something in slow mode. Milliseconds. */
  readonly lastSaid?: number;
  /** How far the member has read; absent when nowhere yet. */
  readonly read?: ReadMark;
}

/** The last entry that somebody has read: its number, and its place among the messages. */
export interface ReadMark {
  readonly seq: number;
  readonly n: number;
}

/** Before the first entry. */
export const UNREAD: ReadMark = { seq: 0, n: 0 };

/** A member's row, as people are judged by it. */
export function toMember(user: string, item: Item): Member {
  const mutedUntil = number(item, 'mutedUntil');
  const lastSaid = number(item, 'lastSaid');
  const seq = number(item, 'read');
  return {
    user,
    role: ROLES.find((role) => role === optionalText(item, 'role')) ?? 'member',
    ...(mutedUntil === undefined ? {} : { mutedUntil }),
    ...(lastSaid === undefined ? {} : { lastSaid }),
    ...(seq === undefined ? {} : { read: { seq, n: number(item, 'readN') ?? 0 } }),
  };
}

/** Whole seconds until a member may speak again; undefined when it may. */
export function mutedSeconds({ mutedUntil = 0 }: Member, now: number): number | undefined {
  return mutedUntil > now ? Math.ceil((mutedUntil - now) / 1_000) : undefined;
}

export interface RoomsOfUser {
  /** All of them, over all pages; a membership of this second may be missing yet. */
  of(user: string): Promise<readonly string[]>;
}

/** Of these rooms, those the user is in at this moment: read consistently. */
export type StillIn = (user: string, rooms: readonly string[]) => Promise<ReadonlySet<string>>;

interface RoomsTable {
  readonly db: DynamoDb;
  readonly table: string;
}

export const createMembership = ({ db, table }: RoomsTable): Membership => ({
  async member(room, user) {
    const { Item } = await db.call('GetItem', {
      TableName: table,
      Key: memberKey(room, user),
      ConsistentRead: true,
    });
    return Item === undefined ? undefined : toMember(user, Item);
  },
});

export function createStillIn(options: RoomsTable): StillIn {
  const batchGet = createBatchGet(options);
  return async (user, rooms) => {
    const keys = rooms.map((room) => memberKey(room, user));
    const rows = await batchGet(keys, { consistent: true });
    return new Set(rows.map((row) => text(row, 'room')));
  };
}

export const createRoomsOfUser = (
  options: RoomsTable & { readonly index: string },
): RoomsOfUser => ({
  async of(user) {
    const rooms: string[] = [];
    let from: Item | undefined;
    do {
      const page = await options.db.call('Query', {
        TableName: options.table,
        IndexName: options.index,
        KeyConditionExpression: '#user = :user',
        ExpressionAttributeNames: { '#user': 'user' },
        ExpressionAttributeValues: { ':user': { S: user } },
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      });
      rooms.push(...(page.Items ?? []).map((item) => text(item, 'room')));
      from = page.LastEvaluatedKey;
    } while (from !== undefined);
    return rooms;
  },
});
