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
  /** An operator sent it through again: it may be anywhere in the log, and is looked for in all of it. */
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
 * What the tail of a log says of arrivals that it does not show. An entry is never earlier than its
 * acceptance, and the log's time never runs backwards: what was accepted after the tail's oldest entry
 * would be in the tail, if it were in the log at all, wherever in a stream it comes from. That counts when
 * the Inbox is another table than before, whose stream has other sequence numbers, and when a batch is cut
 * in two that was not in the stream's order.
 */
function createNovelty(tail: readonly Entry[]): (arrival: Arrival) => 'new' | 'known' | 'unclear' {
  const [newest] = tail;
  const gap = tail.findIndex(({ seq }, index) => seq !== (newest?.seq ?? 0) - index);
  const oldest = tail.at(gap === -1 ? -1 : gap - 1);
  return ({ position, acceptedAt, ifHead, redriven }) => {
    if (newest === undefined || oldest === undefined) return 'new';
    if (isLater(position, newest.position)) return 'new';
    // He may have been refused, which no log shows, and must be for ever.
    if (ifHead !== undefined) return 'known';
    // It was not found, however far back it would be.
    if (redriven) return 'new';
    return oldest.seq === 1 || acceptedAt > oldest.timestamp ? 'new' : 'unclear';
  };
}

/** Whether a longer tail (newest first) would say more of what to do with an arrival than this one does. */
export function isUnclear(tail: readonly Entry[], arrivals: readonly Arrival[]): boolean {
  const novelty = createNovelty(tail);
  const inTail = new Set(tail.map(identity));
  return arrivals.some(
    (arrival) => !inTail.has(identity(arrival)) && novelty(arrival) === 'unclear',
  );
}

/**
 * Gives arrivals of one room the numbers after its log's tail (newest first; older entries may follow
 * it), in the order of their places in the stream, in whichever order a batch brings them: only then is
 * the newest entry's place the last one of all that was sequenced. What the tail shows under the same
 * sender's uuid gets no number again, and neither does what came from a place in the stream at or before
 * the tail's newest, unless the tail would show it: however often and from however far back it is read.
 */
export function sequence(
  tail: readonly Entry[],
  arrivals: readonly Arrival[],
  now: number,
): Sequenced {
  const newest = tail[0];
  const novelty = createNovelty(tail);
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
    } else if (novelty(arrival) === 'new') {
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
