/**
 * Closes the gaps at the ends of all copies: `sync` for as many rooms as are behind, until none is. A
 * gap that shows on a live connection first gets a moment, in which what is late may still come. A server
 * that tells of entries and does not give them is asked less and less often.
 */
import { SYNC_MAX_ROOMS } from '../../protocol/limits.ts';
import type { SyncReply } from '../../protocol/log-replies.ts';
import type { Clock } from '../clock.ts';
import type { Line } from '../connection/line.ts';
import type { LogCopy } from './log-copy.ts';

/** How long frames may be late before they are asked for. */
export const REORDER_MS = 300;

/** The longest pause between two tries for the same room. */
export const PAUSE_MAX_MS = 60_000;

/** How often a catching up that everybody waits for is tried, on a connection that stands. */
const TRIES_MAX_COUNT = 3;

/** A log that is followed. */
export interface Followed {
  readonly room: string;
  readonly copy: LogCopy;
  /** Over a gap to the newest page. */
  jump(): Promise<unknown>;
  /** The room is not one's own any more. */
  lost(): void;
}

export interface CatchUpOptions {
  readonly ask: Line['ask'];
  readonly clock: Clock;
  /** Those that have a copy, by room. */
  readonly followed: () => ReadonlyMap<string, Followed>;
}

export interface CatchUp {
  /** The room lacks something; what is late may still come. */
  soon(room: string): void;
  /** Asks whether the room lacks something. */
  now(room: string): void;
  /** Resolves when nothing is missing any more, or there is no connection. Throws when the server does not answer. */
  all(): Promise<void>;
  /** Takes a reply to a heartbeat. */
  take(reply: SyncReply): void;
  close(): void;
}

export function createCatchUp({ ask, clock, followed }: CatchUpOptions): CatchUp {
  const due = new Set<string>();
  const waiting = new Map<string, () => void>();
  /** Tries in a row that brought nothing, by room. */
  const fruitless = new Map<string, number>();
  let running: Promise<string | undefined> | undefined;
  let isClosed = false;

  /** Answers whether there is more to ask for; `asked` is the head that was known when it was asked. */
  async function settle(room: string, part: SyncReply['rooms'][string] | undefined, asked: number) {
    const log = followed().get(room);
    if (log === undefined || part === undefined) return false;
    if (!('entries' in part)) return (log.lost(), false);
    const state = log.copy.sync(part, asked);
    if (state === 'far') await log.jump();
    fruitless.set(room, state === 'stuck' ? (fruitless.get(room) ?? 0) + 1 : 0);
    return state === 'more' || (state === 'far' && log.copy.isBehind);
  }
  /** Answers why it ended early. */
  async function run(): Promise<string | undefined> {
    for (;;) {
      for (const room of due) if (!followed().has(room)) due.delete(room);
      if (due.size === 0) return undefined;
      const rooms = [...due].slice(0, SYNC_MAX_ROOMS);
      const heads = headsOf(followed(), rooms);
      const answer = await ask({ action: 'sync', rooms: cursorsOf(followed(), rooms) });
      const reply = answer.ok ? answer.reply : undefined;
      if (reply === undefined || reply.action !== 'sync' || !('rooms' in reply)) {
        due.clear();
        return answer.ok ? 'bad_reply' : answer.code;
      }
      for (const [room, head] of heads) {
        if (!(await settle(room, reply.rooms[room], head))) due.delete(room);
      }
    }
  }
  const now = (room: string) => {
    due.add(room);
    void start();
  };
  const start = () => (running ??= run().finally(() => (running = undefined)));

  return {
    soon(room) {
      if (isClosed || waiting.has(room) || due.has(room)) return;
      const pause = Math.min(PAUSE_MAX_MS, REORDER_MS * 4 ** (fruitless.get(room) ?? 0));
      const asked = () => {
        waiting.delete(room);
        if (followed().get(room)?.copy.isBehind === true) now(room);
      };
      waiting.set(room, clock.after(pause, asked));
    },
    now,
    async all() {
      for (let tries = 0; tries < TRIES_MAX_COUNT; tries += 1) {
        await running;
        for (const room of followed().keys()) due.add(room);
        const failure = await start();
        if (failure === undefined || failure === 'offline' || failure === 'closed') return;
      }
      throw new Error('Nothing is answered to sync');
    },
    take({ rooms }) {
      for (const [room, part] of Object.entries(rooms)) {
        // What was known when the heartbeat went out is not known any more.
        void settle(room, part, 0).then((isMore) => isMore && now(room));
      }
    },
    close() {
      isClosed = true;
      for (const cancel of waiting.values()) cancel();
      waiting.clear();
      due.clear();
    },
  };
}

/** Where the logs of rooms are known to end. */
const headsOf = (followed: ReadonlyMap<string, Followed>, rooms: readonly string[]) =>
  new Map(rooms.map((room) => [room, followed.get(room)?.copy.head ?? 0]));

/** The last number of each room, or of all of them. */
export const cursorsOf = (
  followed: ReadonlyMap<string, Followed>,
  rooms: Iterable<string> = followed.keys(),
): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Array.from(rooms, (room) => [room, followed.get(room)?.copy.timeline?.end ?? 0]),
  );
