import { type BatchGet, createBatchGet } from './batch-get.ts';
import type { DynamoDb, Item } from './aws/dynamodb.ts';
import { type Member, toMember } from './rooms.ts';
import { type Room, toRoom } from './roster.ts';
import { memberKey, roomKey, text } from './rows.ts';

/**
 * The rooms of a user in pages, by id, each with what it is and what the user is in it. The index knows
 * the ids alone, and a membership of this second may be missing yet; the member's row is read
 * consistently, so that nobody is shown a room he was removed from.
 */
export interface RoomList {
  page(user: string, place: { readonly after?: string; readonly limit: number }): Promise<RoomPage>;
}

export interface RoomPage {
  readonly rooms: readonly RoomOfUser[];
  /** The id to ask the next page after, when there may be one. */
  readonly next?: string;
}

export interface RoomOfUser {
  readonly id: string;
  /** Undefined when only its members were ever written. */
  readonly room: Room | undefined;
  readonly member: Member;
}

export function createRoomList(options: {
  readonly db: DynamoDb;
  readonly table: string;
  readonly index: string;
  readonly batchGet?: BatchGet;
}): RoomList {
  const { db, table, index, batchGet = createBatchGet(options) } = options;

  const ids = async (user: string, after: string | undefined, count: number) => {
    const { Items = [] } = await db.call('Query', {
      TableName: table,
      IndexName: index,
      KeyConditionExpression: `#user = :user${after === undefined ? '' : ' AND room > :after'}`,
      ExpressionAttributeNames: { '#user': 'user' },
      ExpressionAttributeValues: {
        ':user': { S: user },
        ...(after === undefined ? {} : { ':after': { S: after } }),
      },
      // A page of keys is far below the megabyte that ends one early.
      Limit: count,
    });
    return Items.map((item) => text(item, 'room'));
  };

  const byRoom = (items: readonly Item[]) =>
    new Map(items.map((item) => [text(item, 'room'), item]));

  return {
    async page(user, { after, limit }) {
      const found = await ids(user, after, limit + 1);
      const asked = found.slice(0, limit);
      const [members, rooms] = await Promise.all([
        batchGet(
          asked.map((id) => memberKey(id, user)),
          { consistent: true },
        ).then(byRoom),
        batchGet(asked.map(roomKey)).then(byRoom),
      ]);
      const last = asked.at(-1);
      return {
        rooms: asked.flatMap((id) => {
          const member = members.get(id);
          const room = rooms.get(id);
          if (member === undefined) return [];
          return [{ id, room: room && toRoom(room), member: toMember(user, member) }];
        }),
        ...(found.length > limit && last !== undefined ? { next: last } : {}),
      };
    },
  };
}
