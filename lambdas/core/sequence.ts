import type { Accepted } from './inbox.ts';
import type { Entry } from './log.ts';

/** An accepted entry as the Inbox's stream brings it. */
export interface Arrival extends Accepted {
  /** Milliseconds. */
  readonly acceptedAt: number;
  /** The stream record's sequence number: digits, growing within a room. */
  readonly position: string;
}

export interface Sequenced {
  /** To be appended, in this order. */
  readonly fresh: readonly Entry[];
  /** Arrivals that the log had already, as it has them. */
  readonly known: readonly Entry[];
  /** The room's newest number once `fresh` is written. */
  readonly head: number;
}

/** Sequence numbers are decimal texts too long for a number; more digits means later. */
const isLater = (position: string, than: string) =>
  position.length === than.length ? position > than : position.length > than.length;

const identity = ({ user, uuid }: Accepted) => `${user}#${uuid}`;

/**
 * Gives arrivals of one room, in stream order, the numbers after its log's tail (newest first). What
 * came from a place in the stream at or before the tail's newest was sequenced before, and so was
 * what the tail shows under the same sender's uuid; neither gets a number again, however often and
 * from however far back the stream is read.
 */
export function sequence(
  tail: readonly Entry[],
  arrivals: readonly Arrival[],
  now: number,
): Sequenced {
  const newest = tail[0];
  const inTail = new Map(tail.map((entry) => [identity(entry), entry]));
  const fresh: Entry[] = [];
  const known: Entry[] = [];
  let last = { seq: newest?.seq ?? 0, n: newest?.n ?? 0, timestamp: newest?.timestamp ?? 0 };
  for (const { acceptedAt, ...arrival } of arrivals) {
    const entry = inTail.get(identity(arrival));
    if (entry !== undefined) {
      if (!fresh.includes(entry)) known.push(entry);
      continue;
    }
    if (newest !== undefined && !isLater(arrival.position, newest.position)) continue;
    const next: Entry = {
      ...arrival,
      seq: last.seq + 1,
      n: last.n + 1,
      // Clocks of two machines may disagree; the log's time never runs backwards.
      timestamp: Math.max(acceptedAt, last.timestamp),
      sequencedAt: now,
    };
    inTail.set(identity(next), next);
    fresh.push(next);
    last = next;
  }
  return { fresh, known, head: last.seq };
}
