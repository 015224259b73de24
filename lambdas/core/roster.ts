import { ROOM_KINDS, type RoomKind } from '../../protocol/room-kinds.ts';
import type { DynamoDb, Item } from './aws/dynamodb.ts';
import type { Member } from './rooms.ts';
import { toMember } from './rooms.ts';
import { MEMBER_ENTRIES } from '../environment.ts';
import { banKey, muteKey, number, optionalText, roomKey, text, texts } from './rows.ts';

/** What a room is, who is in it and who must not: read consistently, to be judged by. */
export interface Roster {
  room(room: string): Promise<Room | undefined>;
  isBanned(room: string, user: string): Promise<boolean>;
  /** Until when a mute from an earlier membership holds. Milliseconds. */
  mutedUntil(room: string, user: string): Promise<number | undefined>;
  /** Up to `count` members whose names come after `after`, by name. */
  members(room: string, after: string, count: number): Promise<readonly Member[]>;
}

export interface Room {
  readonly name: string;
  readonly kind: RoomKind;
  /** Seconds between two messages of a plain member; 0 is no slow mode. */
  readonly slowSeconds: number;
  /** The people of a direct room: two, or one. */
  readonly pair: readonly string[];
}

export const toRoom = (item: Item): Room => ({
  name: optionalText(item, 'name') ?? '',
  kind: ROOM_KINDS.find((kind) => kind === optionalText(item, 'kind')) ?? 'private',
  slowSeconds: number(item, 'slowSeconds') ?? 0,
  pair: texts(item, 'pair'),
});

/** Sorts before every name but the one it follows. */
const BEHIND = '\u0000';
/** Sorts behind every name. */
const LAST = '\u{10ffff}';

export function createRoster(options: { readonly db: DynamoDb; readonly table: string }): Roster {
  const { db, table } = options;
  const get = async (Key: object) =>
    (await db.call('GetItem', { TableName: table, Key, ConsistentRead: true })).Item;

  return {
    async room(room) {
      const item = await get(roomKey(room));
      return item === undefined ? undefined : toRoom(item);
    },

    isBanned: async (room, user) => (await get(banKey(room, user))) !== undefined,

    async mutedUntil(room, user) {
      const item = await get(muteKey(room, user));
      return item === undefined ? undefined : number(item, 'mutedUntil');
    },

    async members(room, after, count) {
      const { Items = [] } = await db.call('Query', {
        TableName: table,
        KeyConditionExpression: 'room = :room AND entry BETWEEN :from AND :to',
        ExpressionAttributeValues: {
          ':room': { S: room },
          ':from': { S: `${MEMBER_ENTRIES}${after}${after === '' ? '' : BEHIND}` },
          ':to': { S: `${MEMBER_ENTRIES}${LAST}` },
        },
        Limit: count,
        ConsistentRead: true,
      });
      return Items.map((item) => toMember(text(item, 'entry').slice(MEMBER_ENTRIES.length), item));
    },
  };
}
