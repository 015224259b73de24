import * as v from 'valibot';

import { Entry } from './entry.ts';
import type { Frozen } from './frozen.ts';
import { count, seq } from './numbers.ts';
import { more, SUCCESS } from './outcomes.ts';

/** What a room's log says to a reader, and where the reader is in it. */

export const SelectRoomReply = v.object({
  ...SUCCESS,
  action: v.literal('select_room'),
  room: v.string(),
  /** The latest messages, oldest first. */
  room_messages: v.array(Entry),
  /** The newest seq of the room; 0 in a room where nothing was ever said. */
  head: count,
  /** Present when the room has older messages than these. */
  more,
});

export const HistoryReply = v.object({
  ...SUCCESS,
  action: v.literal('history'),
  room: v.string(),
  /** A contiguous part of the log, oldest first. */
  entries: v.array(Entry),
  head: count,
  /** Present when there are older or newer entries in the direction that was asked for. */
  more,
});

/** What a client lacks of one room, in order; `more` when the page ended before `head`. */
export const SyncedRoom = v.union([
  v.object({ entries: v.array(Entry), head: count, more }),
  v.object({ code: v.string(), error_message: v.string() }),
]);

export const SyncReply = v.object({
  ...SUCCESS,
  action: v.literal('sync'),
  rooms: v.record(v.string(), SyncedRoom),
});

export const MarkReadReply = v.object({
  ...SUCCESS,
  action: v.literal('mark_read'),
  room: v.string(),
  /** Where the mark is now; further than asked for when it was there already. */
  seq,
  /** Messages after it. */
  unread: count,
});

export type SelectRoomReply = Frozen<v.InferOutput<typeof SelectRoomReply>>;
export type HistoryReply = Frozen<v.InferOutput<typeof HistoryReply>>;
export type SyncedRoom = Frozen<v.InferOutput<typeof SyncedRoom>>;
export type SyncReply = Frozen<v.InferOutput<typeof SyncReply>>;
export type MarkReadReply = Frozen<v.InferOutput<typeof MarkReadReply>>;
