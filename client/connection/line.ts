/**
 * What rooms and outbox speak through: requests go out and are answered, whatever else comes in is
 * handed on, and connecting, signing in, catching up and beating are nobody else's business. Of two
 * kinds: `createOwnLine`, a socket of this tab, and `createSharedLine`, the socket of whichever tab
 * leads.
 */
import type { Action } from '../../protocol/actions.ts';
import type { Clock } from '../clock.ts';
import type { ConnectionState } from './connection-state.ts';
import type { Reply, ServerFrame } from './frames.ts';
import type { Outcome } from '../outcome.ts';
import type { Problem } from '../problem.ts';
import type { OpenSocket } from './socket.ts';

export interface LineOptions {
  readonly url: string;
  /** Called for every sign-in, and to refresh a session that ended. A rejection counts as retryable. */
  readonly token: () => string | Promise<string>;
  /** Whose token that must be. Default: whoever signs in first. */
  readonly user?: string;
  readonly openSocket: OpenSocket;
  readonly clock: Clock;
  /** From 0 up to but not including 1. */
  readonly random: () => number;
  /**
   * Asks for what was missed: after each sign-in (also of another tab's socket) and after a socket was
   * replaced. The line is `online` when it resolves; a rejection is a bug and ends the socket.
   */
  readonly recover: () => Promise<void>;
  /** The next heartbeat: a `sync` with the cursors, or undefined when there are none to carry. */
  readonly heartbeat: () => Frame | undefined;
  /**
   * Every frame that is not only the answer to an `ask` of this tab: broadcasts and pushed frames,
   * arrays of `batch` unpacked, all of a shape that the protocol knows; and the replies to a heartbeat
   * and to `look`. The same frame may come twice.
   */
  readonly receive: (frame: ServerFrame) => void;
  readonly problem: (problem: Problem) => void;
  /** Calls back whenever it is worth to look at once whether the line still lives. Default: see `page.ts`. */
  readonly onWake?: (wake: () => void) => () => void;
}

/** What a client sends, without its uuid. */
export type Frame = { readonly action: Action } & Readonly<Record<string, unknown>>;

export interface Line {
  readonly state: ConnectionState;
  /** Who is signed in; undefined until the first sign-in. */
  readonly user: string | undefined;
  connect(): void;
  close(): Promise<void>;
  /**
   * Sends an action, under a new uuid unless one is given, and resolves with the first frame that
   * answers it: of a durable action that is `accepted` or the success, whichever comes first. A refusal
   * is a value; so is `offline` (not signed in, or the socket was lost on the way) and `timed_out` (no
   * answer in 10 seconds). A success that everybody gets goes to `receive` as well. What is answered
   * with `rate_limited` waits and goes out again, up to 3 times.
   */
  ask(frame: Frame, uuid?: string): Promise<Answer>;
  /**
   * The room this tab looks at: selected on the socket now and after each sign-in. On a shared line the
   * tab that looked last wins.
   */
  look(room: string | undefined): void;
  /** Tells each new state; returns the unsubscriber. */
  onState(listener: (state: ConnectionState) => void): () => void;
}

export type Answer = Outcome<{ readonly reply: Reply }>;
