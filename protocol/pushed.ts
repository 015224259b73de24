import * as v from 'valibot';

import { Entry, Person } from './entry.ts';
import type { Frozen } from './frozen.ts';
import { count, seconds, seq } from './numbers.ts';
import { SUCCESS } from './outcomes.ts';

/**
 * What comes without being asked for. Of all of these only a broadcast is in the log; the others are
 * never stored, may be lost, and carry whole states, so that the next one makes up for it.
 */

/**
 * To every connection of every member of the room; to the sender alone, who repeats a uuid. A message
 * is under `message`, as in the article, any other entry under `entry`. A backend may name its entries'
 * actions as it likes.
 */
export const Broadcast = v.object({
  ...SUCCESS,
  action: v.string(),
  room: v.string(),
  message: v.exactOptional(Entry),
  entry: v.exactOptional(Entry),
  head: count,
});

/** Somebody types. With feature `typing`, to who looks at the room. */
export const TypingFrame = v.object({
  ...SUCCESS,
  action: v.literal('typing'),
  room: v.string(),
  user: Person,
  /** Seconds for which that is shown; 0 when the typing has stopped. */
  expires_in: seconds,
});

/** Somebody shows something. With feature `signals`, to who looks at the room. */
export const SignalFrame = v.object({
  ...SUCCESS,
  action: v.literal('signal'),
  room: v.string(),
  user: Person,
  data: v.unknown(),
  /** Grows with each signal of the user: the greatest is the latest. */
  order: count,
});

/** What frames begin with that come of no one's frame. */
const UNASKED = { ...SUCCESS, uuid: v.null() };

/** Who came or went. With feature `presence`, to who looks at the room. */
export const PresenceFrame = v.object({
  ...UNASKED,
  action: v.literal('presence'),
  room: v.string(),
  people: v.array(
    v.object({
      user: v.string(),
      /** Connections in the room. */
      online: count,
      /** Seconds since the epoch; of who is not online, when known. */
      last_seen: v.exactOptional(seconds),
    }),
  ),
});

/** Who has read how far. With feature `receipts`, to who looks at the room and to the reader. */
export const ReceiptsFrame = v.object({
  ...UNASKED,
  action: v.literal('receipts'),
  room: v.string(),
  read: v.array(
    v.object({
      user: v.string(),
      /** The last number read. */
      seq,
      /** How many messages the log has up to there. */
      n: count,
    }),
  ),
});

export type Broadcast = Frozen<v.InferOutput<typeof Broadcast>>;
export type TypingFrame = Frozen<v.InferOutput<typeof TypingFrame>>;
export type SignalFrame = Frozen<v.InferOutput<typeof SignalFrame>>;
export type PresenceFrame = Frozen<v.InferOutput<typeof PresenceFrame>>;
export type ReceiptsFrame = Frozen<v.InferOutput<typeof ReceiptsFrame>>;

/** What a client hears without having asked. */
export type Pushed = Broadcast | TypingFrame | SignalFrame | PresenceFrame | ReceiptsFrame;
