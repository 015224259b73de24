import type { StreamRecord } from './arrival.ts';
import { positionOf, toArrival } from './arrival.ts';
import type { Queue } from './aws/queue.ts';
import type { Deliver, Delivery } from './deliver.ts';
import type { Forget } from './forget.ts';
import { toFrame } from './frames.ts';
import type { Entry, Log } from './log.ts';
import type { Online } from './online.ts';
import { type Arrival, sequence, type Sequenced } from './sequence.ts';

/**
 * One room's part of a stream batch: its arrivals get their numbers and are appended to the log; then
 * the new entries go to everybody online in the room.
 */
export interface BroadcastRoom {
  (room: string, records: readonly StreamRecord[], deadline: number): Promise<RoomResult>;
}

export interface RoomResult {
  readonly appended: number;
  readonly delivery: Delivery;
}

const NOBODY: Delivery = { posted: 0, failed: 0, gone: [] };

/** Tries to append before the batch is given back: each failed one means that another writer won. */
const APPEND_TRIES = 5;

/**
 * How long after it got its number an entry that comes a second time may still lack its posts: a
 * sandbox that died between the append and the posts is retried well within this. Milliseconds.
 */
const REPOST_WITHIN_MS = 60_000;

/** Rooms whose newest posted number is remembered; the longest unheard is forgotten first. */
const ROOMS_REMEMBERED = 10_000;

export function createBroadcastRoom(options: {
  readonly log: Log;
  readonly online: Online;
  readonly deliver: Deliver;
  readonly forget: Forget;
  readonly deadLetters: Queue;
  readonly now?: () => number;
}): BroadcastRoom {
  const { log, online, deliver, forget, deadLetters, now = Date.now } = options;
  /** The newest number this sandbox has posted in each room; it saves repeats, and may be lost. */
  const posted = new Map<string, number>();

  const remember = (room: string, head: number) => {
    posted.delete(room);
    posted.set(room, head);
    const [longestUnheard] = posted.keys();
    if (posted.size > ROOMS_REMEMBERED && longestUnheard !== undefined) {
      posted.delete(longestUnheard);
    }
  };

  /** A record that can never succeed is set aside, by its place and keys alone, and the rest goes on. */
  const readArrivals = async (room: string, records: readonly StreamRecord[]) => {
    const arrivals: Arrival[] = [];
    for (const record of records) {
      const arrival = toArrival(record);
      if (arrival !== undefined) arrivals.push(arrival);
      else {
        const { Keys: keys } = record.dynamodb ?? {};
        const place = { reason: 'not a message', room, keys, sequenceNumber: positionOf(record) };
        await deadLetters.send(JSON.stringify(place));
      }
    }
    return arrivals;
  };

  const append = async (room: string, arrivals: readonly Arrival[]): Promise<Sequenced> => {
    for (let tried = 1; ; tried += 1) {
      // The first look may be a little old: if it is, the number it leads to is taken.
      const tail = await log.tail(room, arrivals.length, tried > 1);
      const sequenced = sequence(tail, arrivals, now());
      if (sequenced.fresh.length === 0) return sequenced;
      if ((await log.append(sequenced.fresh)) === 'appended') return sequenced;
      if (tried === APPEND_TRIES) throw new Error(`Room ${room} has another writer`);
    }
  };

  /** What is new, and what an earlier sandbox numbered a moment ago and may not have posted. */
  const toPost = (room: string, { fresh, known }: Sequenced): readonly Entry[] => {
    const upTo = posted.get(room) ?? 0;
    const unposted = known.filter(
      ({ seq, sequencedAt }) => seq > upTo && now() - sequencedAt < REPOST_WITHIN_MS,
    );
    return [...unposted, ...fresh];
  };

  return async (room, records, deadline) => {
    const arrivals = await readArrivals(room, records);
    if (arrivals.length === 0) return { appended: 0, delivery: NOBODY };
    const sequenced = await append(room, arrivals);
    const entries = toPost(room, sequenced);
    if (entries.length === 0) return { appended: 0, delivery: NOBODY };
    const frames = entries.map((entry) => toFrame(entry, sequenced.head));
    const delivery = await deliver(await online.inRoom(room), frames, deadline);
    await Promise.all(delivery.gone.map(({ connection, user }) => forget(connection, user)));
    remember(room, sequenced.head);
    return { appended: sequenced.fresh.length, delivery };
  };
}
