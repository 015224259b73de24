import * as v from 'valibot';

import { Entry } from './entry.ts';
import type { Frozen } from './frozen.ts';
import { count, seconds, seq } from './numbers.ts';
import { more, SUCCESS } from './outcomes.ts';
import { ROLES } from './roles.ts';
import { ROOM_KINDS } from './room-kinds.ts';

/** Which rooms there are, and who is in one. Each list comes page by page. */

/** A room as somebody in it finds it. */
export const ListedRoom = v.object({
  id: v.string(),
  name: v.string(),
  kind: v.picklist(ROOM_KINDS),
  /** In a direct room: the other person, or oneself in a room for notes. */
  other: v.exactOptional(v.string()),
  /** The user's own. */
  role: v.picklist(ROLES),
  /** People online, counted over a bounded number of connections. */
  online: count,
  head: count,
  /** The newest message, its text cut to a preview, without `meta` and `reactions`. */
  last: v.exactOptional(Entry),
  /** The last number read; 0 when nothing was. */
  read: count,
  /** Messages after it, deleted ones included. */
  unread: count,
  /** Messages after it that mention the user, among the newest entries. */
  mentions: count,
  /** Present when there may be more mentions among older entries. */
  mentions_more: more,
});

export const ListRoomsReply = v.object({
  ...SUCCESS,
  action: v.literal('list_rooms'),
  /** By id. */
  rooms: v.array(ListedRoom),
  /** Present, with the `after` of the next page, when there are more rooms. */
  more,
  next: v.exactOptional(v.string()),
});

export const ListMembersReply = v.object({
  ...SUCCESS,
  action: v.literal('list_members'),
  room: v.string(),
  /** By name. */
  members: v.array(
    v.object({
      user: v.string(),
      role: v.picklist(ROLES),
      muted: v.exactOptional(v.literal(true)),
      /** Connections in the room; absent when there are none. */
      online: v.exactOptional(count),
      /** Seconds since the epoch; of who is not online, when known. */
      last_seen: v.exactOptional(seconds),
      /** The last number read; absent when nothing was, and in public rooms. */
      read: v.exactOptional(seq),
    }),
  ),
  /** Present when there are more after the last of these. */
  more,
});

export const ListPublicRoomsReply = v.object({
  ...SUCCESS,
  action: v.literal('list_public_rooms'),
  /** By id. */
  rooms: v.array(v.object({ id: v.string(), name: v.string() })),
  /** Present when there are more after the last of these. */
  more,
});

export type ListedRoom = Frozen<v.InferOutput<typeof ListedRoom>>;
export type ListRoomsReply = Frozen<v.InferOutput<typeof ListRoomsReply>>;
export type ListMembersReply = Frozen<v.InferOutput<typeof ListMembersReply>>;
export type ListPublicRoomsReply = Frozen<v.InferOutput<typeof ListPublicRoomsReply>>;
