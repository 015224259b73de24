import { errorReply } from '../../protocol/replies.ts';
import type { StreamRecord } from './arrival.ts';
import { isErased, positionOf, toArrival } from './arrival.ts';
import { createAudience, type News } from './audience.ts';
import type { Queue } from './aws/queue.ts';
import { type Crowd, isLarge, type LargeRoom } from './crowd.ts';
import type { Deliver, Delivery } from './deliver.ts';
import type { FanOutJobs } from './fan-out-jobs.ts';
import type { Forget } from './forget.ts';
import type { Log } from './log.ts';
import type { Online } from './online.ts';
import type { Recipient } from './recipients.ts';
import type { Membership } from './rooms.ts';
import type { Arrival, Sequenced } from './sequence.ts';
import { createSequencer } from './sequencer.ts';
import { createUnposted } from './unposted.ts';

/**
 * One room's part of a stream batch: its arrivals get their numbers and are appended to the log; then
 * the new entries go to everybody online in the room (`audience.ts`). In a large room a job posts them
 * (`fan-out-jobs.ts`), so that no other room of the shard waits for it longer than for a small one.
 */
export interface BroadcastRoom {
  (room: string, records: readonly StreamRecord[], deadline: number): Promise<RoomResult>;
}

export interface RoomResult {
  readonly appended: number;
  readonly delivery: Delivery;
}

const NOTHING: RoomResult = { appended: 0, delivery: { posted: 0, failed: 0, gone: [] } };

/** A large room of which a job waits: nobody need be looked for. */
const JOINED: LargeRoom = { connections: 0 };

export function createBroadcastRoom(options: {
  readonly log: Log;
  readonly crowd: Pick<Crowd, 'of'>;
  readonly online: Online;
  readonly members: Pick<Membership, 'member'>;
  readonly fanOut: FanOutJobs;
  readonly deliver: Deliver;
  readonly forget: Forget;
  readonly deadLetters: Queue;
  readonly now?: () => number;
}): BroadcastRoom {
  const { log, crowd, online, members, fanOut, deliver, forget, deadLetters } = options;
  const { now = Date.now } = options;
  const audience = createAudience({ crowd, online, deliver, members, now });
  const sequence = createSequencer({ log, now });
  const unposted = createUnposted({ settle: (late) => audience.settle(late), now });

  /** Who meant an entry for a head that has passed is told so, on all devices. */
  const tellLate = async (
    { late }: Sequenced,
    present: readonly Recipient[] | LargeRoom,
    deadline: number,
  ) => {
    for (const { arrival, head } of late) {
      const { uuid, action, room, user } = arrival;
      const refusal = errorReply({ refused: 'head_moved', uuid, action, room, head });
      const devices = isLarge(present)
        ? await online.devicesOf(user)
        : present.filter((recipient) => recipient.user === user);
      await deliver(devices, [refusal], deadline);
    }
  };

  /** Posts them, or has them posted. */
  const tell = async (
    room: string,
    present: readonly Recipient[] | LargeRoom,
    news: News,
    deadline: number,
  ): Promise<Delivery> => {
    if (!isLarge(present)) return audience.tell(present, news, deadline);
    const delivery = await audience.prepare(news, deadline);
    const from = news.entries[0]?.seq;
    if (present === JOINED || from === undefined) return delivery;
    const without = audience.departed(room);
    const begun = await fanOut.start({ room, from, without }, present.connections);
    return begun ? delivery : { ...delivery, failed: delivery.failed + present.connections };
  };

  return async (room, records, deadline) => {
    const arrivals = await readArrivals(room, records, deadLetters);
    if (arrivals.length === 0) return NOTHING;
    const sequenced = await sequence(room, arrivals);
    const entries = await unposted.of(room, sequenced);
    const { head } = sequenced;
    if (entries.length === 0 && sequenced.late.length === 0) return NOTHING;
    // Asked when they are in the log: the job that waits will find them there.
    const present = fanOut.isWaiting(room) ? JOINED : await audience.of(room);
    await tellLate(sequenced, present, deadline);
    if (entries.length === 0) return NOTHING;
    const knownUpTo = Math.max(0, ...sequenced.known.map(({ seq }) => seq));
    const delivery = await tell(room, present, { entries, head, knownUpTo }, deadline);
    await Promise.all(delivery.gone.map(({ connection, user }) => forget(connection, user)));
    unposted.told(room, head);
    return { appended: sequenced.fresh.length, delivery };
  };
}

/** A record that can never succeed is set aside, by its place and keys alone, and the rest goes on. */
async function readArrivals(
  room: string,
  records: readonly StreamRecord[],
  deadLetters: Queue,
): Promise<readonly Arrival[]> {
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
}
