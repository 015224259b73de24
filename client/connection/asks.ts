/**
 * Requests of one socket that are under way. Each is answered by the first frame with its uuid and its
 * action; a success that tells of somebody else's doing answers nobody, for a uuid is unique for its
 * sender only. Every request ends: with a frame, with time, or with the socket.
 */
import type { Clock } from '../clock.ts';
import { isBroadcast, isReply, type Reply, type ServerFrame } from './frames.ts';

/** Requests under way at once; more are refused before they go out. */
export const ASKS_MAX_COUNT = 256;

export interface Asks {
  /** Resolves with the frame that answers, or with why none will come. */
  add(uuid: string, action: string, maxMs: number): Promise<Reply | 'timed_out' | 'offline'>;
  /** Whether the frame answered something. */
  answer(frame: ServerFrame, user: string | undefined): boolean;
  /** The socket is gone: ends all, and every later one at once. */
  end(): void;
  /** Resolves when `end` was called. */
  readonly ended: Promise<void>;
  readonly count: number;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
}

interface Ask {
  readonly uuid: string;
  readonly action: string;
  readonly done: (result: Reply | 'timed_out' | 'offline') => void;
}

export function createAsks(clock: Clock): Asks {
  const asks = new Set<Ask>();
  const idle: (() => void)[] = [];
  const { promise: ended, resolve: tellEnded } = Promise.withResolvers<void>();
  let over = false;

  return {
    ended,
    add(uuid, action, maxMs) {
      if (over) return Promise.resolve('offline');
      return new Promise((resolve) => {
        const done: Ask['done'] = (result) => {
          cancel();
          asks.delete(ask);
          resolve(result);
          if (asks.size === 0) for (const told of idle.splice(0)) told();
        };
        const ask = { uuid, action, done };
        const cancel = clock.after(maxMs, () => done('timed_out'));
        asks.add(ask);
      });
    },
    answer(frame, user) {
      if (!isReply(frame)) return false;
      const answered = [...asks].filter((ask) => isAnswer(frame, ask, user));
      for (const { done } of answered) done(frame);
      return answered.length > 0;
    },
    end() {
      over = true;
      tellEnded();
      for (const { done } of asks) done('offline');
    },
    get count() {
      return asks.size;
    },
    settled: () =>
      asks.size === 0 ? Promise.resolve() : new Promise((resolve) => idle.push(resolve)),
  };
}

function isAnswer(frame: Reply, { uuid, action }: Ask, user: string | undefined): boolean {
  // An error that could not read the action has none.
  if (frame.uuid !== uuid || (frame.action !== action && frame.action !== null)) return false;
  if (!isBroadcast(frame)) return true;
  const { message, entry = message } = frame;
  return entry?.user.username === user;
}
