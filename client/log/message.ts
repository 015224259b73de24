/**
 * A message as a reader sees it, and the notices that stand between messages. Both are made of the
 * log's entries, which already say what later entries made of them; the same entry always makes the
 * same object, so that a view can compare by identity.
 */
import type { Entry } from '../../protocol/entry.ts';
import type { Role } from '../../protocol/roles.ts';
import type { Unsent } from '../sending/outbox.ts';

export interface Message {
  /** Stable for its whole life, from local echo to log: the sender's uuid with the sender's name. */
  readonly key: string;
  readonly uuid: string;
  readonly state: 'sending' | 'sent' | 'failed';
  /** Why it failed, by the protocol's code. */
  readonly code?: string;
  /** Its number; undefined while it has none. */
  readonly seq: number | undefined;
  /** Its place among the messages; undefined while it has no number. */
  readonly n: number | undefined;
  readonly user: string;
  /** Own message. */
  readonly mine: boolean;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly text: string;
  readonly replyTo?: number;
  readonly mentions: readonly string[];
  readonly meta?: unknown;
  readonly edited: boolean;
  readonly deleted: boolean;
  readonly pinned: boolean;
  /** Usernames by emoji. */
  readonly reactions: ReadonlyMap<string, readonly string[]>;
}

/** Something that happened in a room and is no message. */
export interface Notice {
  readonly seq: number;
  readonly kind: 'join' | 'leave' | 'rename' | 'role';
  /** Who did it. */
  readonly user: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** Who came, went, or has a new role. */
  readonly member?: string;
  readonly role?: Role;
  /** Of a leave: `left`, `kicked`, `banned`. */
  readonly reason?: string;
  /** The room's new name. */
  readonly name?: string;
}

/**
 * Of all messages in the chat. One's own are told by their uuid alone, because they are shown before it
 * is known as whom one is signed in.
 */
export const keyOf = (user: string, uuid: string, mine: boolean): string =>
  `${mine ? '' : user}/${uuid}`;

const NO_REACTIONS: ReadonlyMap<string, readonly string[]> = new Map();

/** A message of the log, as `me` sees it. */
export function toMessage(entry: Entry, me: string | undefined): Message {
  const { uuid, seq, n, user, timestamp, text = '', reply_to: replyTo, mentions = [] } = entry;
  const mine = user.username === me;
  return {
    key: keyOf(user.username, uuid, mine),
    uuid,
    state: 'sent',
    seq,
    n,
    user: user.username,
    mine,
    time: toMs(timestamp),
    text,
    ...(replyTo === undefined ? {} : { replyTo }),
    mentions,
    ...(entry.meta === undefined ? {} : { meta: entry.meta }),
    // Of what was deleted, edits may have come that say no more what they were about.
    edited: entry.edited !== undefined && entry.deleted === undefined,
    deleted: entry.deleted !== undefined,
    pinned: entry.pinned ?? false,
    reactions:
      entry.reactions === undefined ? NO_REACTIONS : new Map(Object.entries(entry.reactions)),
  };
}

/** One's own message on its way. */
export function toEcho(unsent: Unsent): Message {
  const { user, uuid, time, text, replyTo, mentions = [], meta, failed } = unsent;
  return {
    key: keyOf(user, uuid, true),
    uuid,
    state: failed !== undefined ? 'failed' : unsent.accepted === true ? 'sent' : 'sending',
    ...(failed === undefined ? {} : { code: failed }),
    seq: undefined,
    n: undefined,
    user,
    mine: true,
    time,
    text,
    ...(replyTo === undefined ? {} : { replyTo }),
    mentions,
    ...(meta === undefined ? {} : { meta }),
    edited: false,
    deleted: false,
    pinned: false,
    reactions: NO_REACTIONS,
  };
}

const NOTICES: readonly string[] = ['join', 'leave', 'rename', 'role'] satisfies Notice['kind'][];

const isNotice = (kind: string): kind is Notice['kind'] => NOTICES.includes(kind);

/** Undefined when the entry is to be shown in another way, or not at all. */
export function toNotice(entry: Entry): Notice | undefined {
  const { seq, kind, user, timestamp, member, role, reason, name } = entry;
  if (!isNotice(kind)) return undefined;
  return {
    seq,
    kind,
    user: user.username,
    time: toMs(timestamp),
    ...(member === undefined ? {} : { member }),
    ...(role === undefined ? {} : { role }),
    ...(reason === undefined ? {} : { reason }),
    ...(name === undefined ? {} : { name }),
  };
}

/** Seconds of the wire, in milliseconds. */
export const toMs = (seconds: number): number => Math.round(seconds * 1_000);
