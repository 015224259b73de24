import { errorReply } from '../../protocol/replies.ts';
import type { StreamRecord } from './arrival.ts';
import { isErased, positionOf, toArrival } from './arrival.ts';
import { createAudience } from './audience.ts';
import type { Queue } from './aws/queue.ts';
import type { Deliver, Delivery } from './deliver.ts';
import type { Forget } from './forget.ts';
import type { Entry } from './entry.ts';
import type { Log } from './log.ts';
import type { Online } from './online.ts';
import type { Recipient } from './recipients.ts';
import type { Arrival, Sequenced } from './sequence.ts';
import { createSequencer } from './sequencer.ts';

/**
 * One room's part of a stream batch: its arrivals get their numbers and are appended to the log; then
 * the new entries go to everybody online in the room (`audience.ts`).
 */
export interface BroadcastRoom {
  (room: string, records: readonly StreamRecord[], deadline: number): Promise<RoomResult>;
}

export interface RoomResult {
  readonly appended: number;
  readonly delivery: Delivery;
}

const NOTHING: RoomResult = { appended: 0, delivery: { posted: 0, failed: 0, gone: [] } };

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
  const audience = createAudience({ online, deliver, now });
  const sequence = createSequencer({ log, now });
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
      if (isErased(record)) continue;
      const arrival = toArrival(record);
      if (arrival !== undefined) arrivals.push(arrival);
      else {
        const { Keys: keys } = record.dynamodb ?? {};
        const place = { reason: 'not an entry', room, keys, sequenceNumber: positionOf(record) };
        await deadLetters.send(JSON.stringify(place));
      }
    }
    return arrivals;
  };

  /** Who meant an entry for a head that has passed is told so, on all devices. */
  const tellLate = async (
    { late }: Sequenced,
    recipients: readonly Recipient[],
    deadline: number,
  ) => {
    for (const { arrival, head } of late) {
      const { uuid, action, room, user } = arrival;
      const refusal = errorReply({ refused: 'head_moved', uuid, action, room, head });
      const devices = recipients.filter((recipient) => recipient.user === user);
      await deliver(devices, [refusal], deadline);
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
    if (arrivals.length === 0) return NOTHING;
    const sequenced = await sequence(room, arrivals);
    const entries = toPost(room, sequenced);
    if (entries.length === 0 && sequenced.late.length === 0) return NOTHING;
    const recipients = await audience.of(room);
    await tellLate(sequenced, recipients, deadline);
    if (entries.length === 0) return NOTHING;
    const delivery = await audience.tell(recipients, entries, sequenced.head, deadline);
    await Promise.all(delivery.gone.map(({ connection, user }) => forget(connection, user)));
    remember(room, sequenced.head);
    return { appended: sequenced.fresh.length, delivery };
  };
}
