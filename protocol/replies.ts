import type { Action, DurableAction } from './actions.ts';
import type { ContentOf, Kind } from './content.ts';
import { ERROR_MESSAGES, type ErrorCode } from './errors.ts';
import type { Refused } from './requests.ts';
import type { Feature } from './features.ts';
import type { RoomKind } from './room-kinds.ts';
import type { Role } from './roles.ts';

/**
 * An entry of a room's log as clients see it: where it stands, what it says (by its kind, as in
 * `content.ts`), and, of a message, what later entries made of it.
 */
export interface Entry {
  /** Unique over all rooms. */
  readonly id: string;
  /** Its place in the room's log: 1, 2, 3, without gaps. */
  readonly seq: number;
  /** How many messages the log has up to here; of a message, its place among them. */
  readonly n: number;
  readonly kind: Kind;
  /** Who did it. */
  readonly user: { readonly username: string };
  readonly room: string;
  readonly uuid: string;
  /** Seconds since the epoch, with a fraction; when it was accepted. */
  readonly timestamp: number;
  /** Hash of what it says. */
  readonly hash: string;
  /** The chance that keeps the hash from being guessed; absent when what it said was erased. */
  readonly nonce?: string;
  /** Hash over all entries up to this one. */
  readonly chain: string;

  /** Of a message and an edit; empty once a message was deleted. */
  readonly text?: string;
  readonly reply_to?: number;
  readonly mentions?: readonly string[];
  readonly meta?: unknown;
  /** Number of the message that an edit, delete, reaction or pin is about. */
  readonly target?: number;
  readonly emoji?: string;
  readonly remove?: true;
  /** Of a pin: on or off. Of a message: it is pinned. */
  readonly pinned?: boolean;
  /** Who came, went, or has a new role. */
  readonly member?: string;
  readonly role?: Role;
  readonly reason?: ContentOf<'leave'>['reason'];
  /** A room's new name. */
  readonly name?: string;

  /** Of a message: number of its newest edit. */
  readonly edited?: number;
  /** Of a message: number of the entry that deleted it. */
  readonly deleted?: number;
  /** Of a message: who reacted how. */
  readonly reactions?: Readonly<Record<string, readonly string[]>>;
}

export interface ErrorReply {
  readonly uuid: string | null;
  readonly action: string | null;
  readonly status: 'error';
  readonly code: ErrorCode;
  readonly error_message: string;
  readonly room?: string;
  /** Seconds. */
  readonly retry_after?: number;
  /** With `head_moved`. */
  readonly head?: number;
}

export interface AuthenticateReply {
  readonly uuid: string;
  readonly action: 'authenticate';
  readonly status: 'success';
  readonly user: { readonly username: string };
  /** Those asked for that this server has. */
  readonly features: readonly Feature[];
}

export interface SelectRoomReply {
  readonly uuid: string;
  readonly action: 'select_room';
  readonly status: 'success';
  readonly room: string;
  /** The latest messages, oldest first. */
  readonly room_messages: readonly Entry[];
  /** The newest seq of the room; 0 in a room where nothing was ever said. */
  readonly head: number;
  /** Present when the room has older messages than these. */
  readonly more?: true;
}

export interface HistoryReply {
  readonly uuid: string;
  readonly action: 'history';
  readonly status: 'success';
  readonly room: string;
  /** A contiguous part of the log, oldest first. */
  readonly entries: readonly Entry[];
  readonly head: number;
  /** Present when there are older or newer entries in the direction that was asked for. */
  readonly more?: true;
}

export interface SyncReply {
  readonly uuid: string;
  readonly action: 'sync';
  readonly status: 'success';
  readonly rooms: Readonly<Record<string, SyncedRoom>>;
}

/** What a client lacks of one room, in order; `more` when the page ended before `head`. */
export type SyncedRoom =
  | { readonly entries: readonly Entry[]; readonly head: number; readonly more?: true }
  | { readonly code: 'invalid_room_id'; readonly error_message: string };

export interface MarkReadReply {
  readonly uuid: string;
  readonly action: 'mark_read';
  readonly status: 'success';
  readonly room: string;
  /** Where the mark is now; further than asked for when it was there already. */
  readonly seq: number;
  /** Messages after it. */
  readonly unread: number;
}

export interface ListRoomsReply {
  readonly uuid: string;
  readonly action: 'list_rooms';
  readonly status: 'success';
  /** By id. */
  readonly rooms: readonly ListedRoom[];
  /** Present, with the `after` of the next page, when there are more rooms. */
  readonly more?: true;
  readonly next?: string;
}

/** A room as somebody in it finds it. */
export interface ListedRoom {
  readonly id: string;
  readonly name: string;
  readonly kind: RoomKind;
  /** The user's own. */
  readonly role: Role;
  /** People online, counted over a bounded number of connections. */
  readonly online: number;
  readonly head: number;
  /** The newest message, its text cut to a preview, without `meta` and `reactions`. */
  readonly last?: Entry;
  /** The last number read; 0 when nothing was. */
  readonly read: number;
  /** Messages after it, deleted ones included. */
  readonly unread: number;
  /** Messages after it that mention the user, among the newest entries. */
  readonly mentions: number;
  /** Present when there may be more mentions among older entries. */
  readonly mentions_more?: true;
}

/** A setting was changed, or was so already; nothing of it is in the log. */
export interface DoneReply {
  readonly uuid: string;
  readonly action: Action;
  readonly status: 'success';
  readonly room: string;
}

export interface ListMembersReply {
  readonly uuid: string;
  readonly action: 'list_members';
  readonly status: 'success';
  readonly room: string;
  /** By name. */
  readonly members: readonly {
    readonly user: string;
    readonly role: Role;
    readonly muted?: true;
  }[];
  /** Present when there are more after the last of these. */
  readonly more?: true;
}

export interface ListPublicRoomsReply {
  readonly uuid: string;
  readonly action: 'list_public_rooms';
  readonly status: 'success';
  /** By id. */
  readonly rooms: readonly { readonly id: string; readonly name: string }[];
  /** Present when there are more after the last of these. */
  readonly more?: true;
}

/** With feature `ack`: it is stored under its uuid and will be sequenced. */
export interface AcceptedReply {
  readonly uuid: string;
  readonly action: DurableAction;
  readonly status: 'accepted';
  readonly room: string;
}

/**
 * To every connection of every member of the room; to the sender alone, who repeats a uuid. A message
 * is under `message`, as in the article, any other entry under `entry`.
 */
export interface Broadcast {
  readonly uuid: string;
  readonly action: string;
  readonly status: 'success';
  readonly room: string;
  readonly message?: Entry;
  readonly entry?: Entry;
  readonly head: number;
}

export type Reply =
  | ErrorReply
  | AuthenticateReply
  | SelectRoomReply
  | HistoryReply
  | SyncReply
  | MarkReadReply
  | ListRoomsReply
  | DoneReply
  | ListMembersReply
  | ListPublicRoomsReply
  | AcceptedReply
  | Broadcast;

/** The error frame for a refusal. */
export function errorReply({ refused, uuid, action, room, retryAfter, head }: Refused): ErrorReply {
  return {
    uuid,
    action,
    ...(room === undefined ? {} : { room }),
    status: 'error',
    code: refused,
    error_message: ERROR_MESSAGES[refused],
    ...(retryAfter === undefined ? {} : { retry_after: retryAfter }),
    ...(head === undefined ? {} : { head }),
  };
}
