import * as v from 'valibot';

import { ListMembersReply, ListPublicRoomsReply, ListRoomsReply } from './list-replies.ts';
import { HistoryReply, MarkReadReply, SelectRoomReply, SyncReply } from './log-replies.ts';
import { AcceptedReply, AuthenticateReply, DoneReply, ErrorReply } from './outcomes.ts';
import { Broadcast, PresenceFrame, ReceiptsFrame, SignalFrame, TypingFrame } from './pushed.ts';
import type { Pushed } from './pushed.ts';
import type { Reply } from './replies.ts';

/**
 * Reading what a server sends. A client may be lied to, so nothing of a frame is believed before its
 * schema has read it. A newer server may send more than this: keys that no schema knows are dropped,
 * codes, features, reasons and kinds of entries may be any text, and a frame of an unknown sort is
 * undefined. Roles and kinds of rooms are closed sets, because a client acts by them.
 *
 * API Gateway's own error frames (E10) have no status and are none of these.
 */
export type ServerFrame = Reply | Pushed;

/** Successes by their action, where that alone says what they are. */
export const BY_ACTION = {
  authenticate: AuthenticateReply,
  select_room: SelectRoomReply,
  history: HistoryReply,
  sync: SyncReply,
  mark_read: MarkReadReply,
  list_rooms: ListRoomsReply,
  list_members: ListMembersReply,
  list_public_rooms: ListPublicRoomsReply,
  presence: PresenceFrame,
  receipts: ReceiptsFrame,
};

/** What is shown of somebody, by the action with which that somebody is answered, too. */
const SHOWN = { typing: TypingFrame, signal: SignalFrame };

type FrameSchema = v.GenericSchema<unknown, ServerFrame>;

/** The frame, with what its schema knows of it and nothing else; undefined when it fits none. */
export function parseFrame(value: unknown): ServerFrame | undefined {
  const schema = schemaOf(value);
  if (schema === undefined) return undefined;
  const { success, output } = v.safeParse(schema, value, { abortEarly: true });
  return success ? output : undefined;
}

/** The schema that a frame has to fit by its status, its action, and what it is about. */
export function schemaOf(value: unknown): FrameSchema | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { status, action } = value as Readonly<Record<string, unknown>>;
  if (status === 'error') return ErrorReply;
  if (status === 'accepted') return AcceptedReply;
  if (status !== 'success') return undefined;
  if ('message' in value || 'entry' in value) return Broadcast;
  if (isKeyOf(BY_ACTION, action)) return BY_ACTION[action];
  if (isKeyOf(SHOWN, action) && 'user' in value) return SHOWN[action];
  return DoneReply;
}

/** Own keys only: a server may also call an action `constructor`. */
const isKeyOf = <Table extends object>(table: Table, key: unknown): key is keyof Table =>
  typeof key === 'string' && Object.hasOwn(table, key);
