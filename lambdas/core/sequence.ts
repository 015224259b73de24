import type { Accepted } from './inbox.ts';
import type { Entry } from './entry.ts';
import { CHAIN_START, hashContent, linkChain } from './seal.ts';

/** An accepted entry as the Inbox's stream brings it. */
export interface Arrival extends Accepted {
  /** Milliseconds. */
  readonly acceptedAt: number;
  readonly nonce: string;
  /** The stream record's sequence number: digits, growing within a room. */
  readonly position: string;
  /** An operator sent it through again: it may be anywhere in the log. */
  readonly redriven?: true;
}

export interface Sequenced {
  /** To be appended, in this order. */
  readonly fresh: readonly Entry[];
  /** Arrivals that the log had already, as it has them. */
  readonly known: readonly Entry[];
  /** Arrivals whose room had moved on from the head they were meant for; with that head. */
  readonly late: readonly { readonly arrival: Arrival; readonly head: number }[];
  /** The room's newest number once `fresh` is written. */
  readonly head: number;
}

/** Sequence numbers are decimal texts too long for a number; more digits means later. */
const isLater = (position: string, than: string) =>
  position.length === than.length ? position > than : position.length > than.length;

/** Orders by place in the stream. */
export const byPosition = (
  a: { readonly position: string },
  b: { readonly position: string },
): number => (a.position === b.position ? 0 : isLater(a.position, b.position) ? 1 : -1);

/** Of an entry, whatever its number, and of what became it. */
export const identity = ({ user, uuid }: Pick<Accepted, 'user' | 'uuid'>): string =>
  `${user}#${uuid}`;

/**
 * An entry is never earlier than its acceptance, and the log's time never runs backwards: what was
 * accepted after the newest entry's time is not in the log, wherever in a stream it comes from. That
 * counts when the Inbox is another table than before, whose stream has other sequence numbers. It says
 * nothing of who was meant for a head: he may have been refused, and must be for ever.
 */
const isNew = ({ position, acceptedAt, ifHead }: Arrival, newest: Entry | undefined) =>
  newest === undefined ||
  isLater(position, newest.position) ||
  (ifHead === undefined && acceptedAt > newest.timestamp);

/**
 * Gives arrivals of one room the numbers after its log's tail (newest first; older entries may follow
 * it), in the order of their places in the stream, in whichever order a batch brings them: only then is
 * the newest entry's place the last one of all that was sequenced. What came from a place in the stream
 * at or before the tail's newest was sequenced before, and so was what the tail shows under the same
 * sender's uuid; neither gets a number again, however often and from however far back the stream is read.
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
  const late: Sequenced['late'][number][] = [];
  for (const arrival of arrivals.toSorted(byPosition)) {
    const last = fresh.at(-1) ?? newest;
    const entry = inTail.get(identity(arrival));
    const head = last?.seq ?? 0;
    if (entry !== undefined) {
      if (!fresh.includes(entry)) known.push(entry);
    } else if (isNew(arrival, newest)) {
      if (arrival.ifHead !== undefined && arrival.ifHead !== head) {
        late.push({ arrival, head });
      } else {
        const next = follow(last, arrival, now);
        inTail.set(identity(next), next);
        fresh.push(next);
      }
    }
  }
  return { fresh, known, late, head: (fresh.at(-1) ?? newest)?.seq ?? 0 };
}

/** The entry that an arrival becomes behind another one. */
function follow(last: Entry | undefined, arrival: Arrival, now: number): Entry {
  const { room, user, uuid, action, content, nonce, position, acceptedAt } = arrival;
  const { kind } = content;
  const entry = {
    room,
    seq: (last?.seq ?? 0) + 1,
    n: (last?.n ?? 0) + (kind === 'message' ? 1 : 0),
    kind,
    user,
    uuid,
    action,
    // Clocks of two machines may disagree; the log's time never runs backwards.
    timestamp: Math.max(acceptedAt, last?.timestamp ?? 0),
    sequencedAt: now,
    position,
    said: { content, nonce },
    hash: hashContent(content, nonce),
  };
  return { ...entry, chain: linkChain(last?.chain ?? CHAIN_START, entry) };
}
