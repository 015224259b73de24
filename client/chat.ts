/** The chat as a program uses it: one connection, the user's rooms, and what can be done with them. */
import type { Clock } from './clock.ts';
import type { ConnectionState } from './connection/connection-state.ts';
import type { Outcome } from './outcome.ts';
import type { OutboxStorage } from './sending/outbox-storage.ts';
import type { Problem } from './problem.ts';
import type { Room, RoomSummary } from './rooms/room.ts';
import type { OpenSocket } from './connection/socket.ts';

export interface ChatOptions {
  /** `wss://…`; `ws://` is refused except to loopback. */
  readonly url: string;
  /** Called for every sign-in and to refresh before the session ends. A rejection counts as retryable. */
  readonly token: () => string | Promise<string>;
  /**
   * Whose token that is, where it is known: what they write is then kept from the first word on, also before
   * anybody is signed in, and what they left unsent is there at once. A token of anybody else fails with `other_user`.
   */
  readonly user?: string;
  /** Where unsent messages outlive a reload. Default: IndexedDB where there is one, memory elsewhere. */
  readonly storage?: OutboxStorage;
  /** One socket for all tabs of this origin and url, or one for each tab. Default: `shared` where Web Locks and BroadcastChannel exist. */
  readonly tabs?: 'shared' | 'single';
  /** Opens sockets. Default: the global WebSocket (Node 22 and later have one; else pass one made of `ws`). */
  readonly openSocket?: OpenSocket;
  readonly clock?: Clock;
  /** From 0 up to but not including 1. */
  readonly random?: () => number;
}

export interface Chat {
  /** See `ConnectionState`. A new object on each change. */
  readonly connection: ConnectionState;
  /** Who is signed in; undefined until the first sign-in. */
  readonly user: string | undefined;
  /** The user's rooms; the last spoken in first. A new array on each change. */
  readonly rooms: readonly RoomSummary[];
  /** True once `rooms` has been read from the server. */
  readonly ready: boolean;
  connect(): void;
  /** Closes for good; what is unsent stays in the storage. */
  close(): Promise<void>;
  /** The same object for the same id, each time. */
  room(id: string): Room;
  /** Looks at a room: loads its newest messages, receives typing, presence and receipts of it. One at a time; undefined looks away. */
  look(id: string | undefined): void;
  createRoom(room: {
    readonly name: string;
    readonly kind: 'public' | 'private';
  }): Promise<Outcome<{ readonly room: string }>>;
  openDirect(user: string): Promise<Outcome<{ readonly room: string }>>;
  join(room: string): Promise<Outcome>;
  publicRooms(
    after?: string,
  ): Promise<Outcome<{ readonly rooms: readonly PublicRoom[]; readonly more: boolean }>>;
  /** Returns the unsubscriber. */
  on<Name extends keyof ChatEvents>(
    name: Name,
    listener: (event: ChatEvents[Name]) => void,
  ): () => void;
}

export interface PublicRoom {
  readonly id: string;
  readonly name: string;
}

export interface ChatEvents {
  readonly connection: ConnectionState;
  readonly rooms: readonly RoomSummary[];
  /** Something that went wrong beyond one request: a lying server, a full storage. */
  readonly problem: Problem;
}
