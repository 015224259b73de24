/**
 * A room as somebody in it uses it: what was said and done there, oneself and the others. All that it
 * hands out are values: whatever changes is a new object.
 */
import type { Role } from '../../protocol/roles.ts';
import type { RoomKind } from '../../protocol/room-kinds.ts';
import type { Message, Notice } from '../log/message.ts';
import type { Outcome } from '../outcome.ts';
import type { Verification } from '../log/seal.ts';

export interface RoomSummary {
  readonly id: string;
  readonly name: string;
  readonly kind: RoomKind;
  /** The user's own. */
  readonly role: Role;
  /** People online, as far as known. */
  readonly online: number;
  /** The newest message as a preview; `time` in milliseconds since the epoch. */
  readonly last:
    | {
        readonly user: string;
        readonly text: string;
        readonly time: number;
        readonly deleted: boolean;
      }
    | undefined;
  readonly unread: number;
  readonly mentions: number;
  /** In a direct room, the other person (oneself, in a room for notes). */
  readonly other?: string;
}

export interface Room {
  readonly id: string;
  /** As in `chat.rooms`; undefined when the user is not in it. */
  readonly summary: RoomSummary | undefined;
  /**
   * What a reader sees, oldest first: the contiguous stretch that is loaded around where one reads, as
   * later edits, deletes, reactions and pins made it; own unsent ones at its end, when it reaches the
   * room's end. A new array on each change; a message that did not change is the same object.
   */
  readonly messages: readonly Message[];
  /** Joins, leaves, renames, role changes of the same stretch, oldest first. */
  readonly notices: readonly Notice[];
  readonly loading: boolean;
  /** There is nothing older, or newer, than the stretch that is not loaded. */
  readonly atStart: boolean;
  readonly atEnd: boolean;
  readonly unread: number;
  readonly mentions: number;
  /** The last seq the user has read; 0 for nothing. */
  readonly readSeq: number;
  /** Newest seq read by others, by username, as far as known (private and direct rooms). */
  readonly readBy: ReadonlyMap<string, number>;
  /** Usernames typing now, without oneself. */
  readonly typing: readonly string[];
  /** Who is known of presence in this room: connections, or when last seen (seconds). */
  readonly presence: ReadonlyMap<string, Presence>;
  /** Messages pinned among the loaded ones. */
  readonly pinned: readonly Message[];

  /** Each resolves when `messages` has them. `around` moves the stretch to a seq; `latest` back to the newest. */
  loadOlder(): Promise<Outcome>;
  loadNewer(): Promise<Outcome>;
  around(seq: number): Promise<Outcome>;
  latest(): Promise<Outcome>;

  /** Shown at once as `sending`; sent in order; survives a reload. Never throws: a text that is refused becomes `failed`. */
  send(
    text: string,
    more?: {
      readonly replyTo?: number;
      readonly mentions?: readonly string[];
      readonly meta?: unknown;
    },
  ): Message;
  retry(uuid: string): void;
  discard(uuid: string): void;
  edit(seq: number, text: string, mentions?: readonly string[]): Promise<Outcome>;
  remove(seq: number): Promise<Outcome>;
  react(seq: number, emoji: string, on: boolean): Promise<Outcome>;
  pin(seq: number, on: boolean): Promise<Outcome>;
  /** Up to the newest loaded entry when no seq is given. Throttled to one a second. */
  markRead(seq?: number): void;
  /** Call it on every key; it throttles. `false` when the box was emptied. */
  setTyping(typing: boolean): void;
  /** The latest state wins; the next goes out when the last was answered. */
  signal(data: unknown): void;
  members(
    after?: string,
  ): Promise<Outcome<{ readonly members: readonly Member[]; readonly more: boolean }>>;
  leave(): Promise<Outcome>;
  invite(user: string): Promise<Outcome>;
  kick(user: string): Promise<Outcome>;
  ban(user: string): Promise<Outcome>;
  unban(user: string): Promise<Outcome>;
  mute(user: string, seconds: number): Promise<Outcome>;
  setRole(user: string, role: Role): Promise<Outcome>;
  rename(name: string): Promise<Outcome>;
  setSlowMode(seconds: number): Promise<Outcome>;
  /** Proves over the hash chain that the loaded stretch lacks nothing and is unaltered. */
  verify(): Promise<Verification>;
  /** Returns the unsubscriber. */
  on<Name extends keyof RoomEvents>(
    name: Name,
    listener: (event: RoomEvents[Name]) => void,
  ): () => void;
}

export interface RoomEvents {
  /** Anything of the room changed. At most once per microtask. */
  readonly change: Room;
  readonly typing: readonly string[];
  readonly presence: Room['presence'];
  readonly signal: { readonly user: string; readonly data: unknown };
}

export interface Presence {
  /** Connections. */
  readonly online: number;
  /** Seconds since the epoch; of who is not online, when known. */
  readonly lastSeen?: number;
}

export interface Member {
  readonly user: string;
  readonly role: Role;
  readonly muted: boolean;
  /** Connections. */
  readonly online: number;
  /** Seconds since the epoch. */
  readonly lastSeen?: number;
  /** The last seq read. */
  readonly read?: number;
}
