import type { Entry } from './entry.ts';
import type { Log } from './log.ts';
import { identity } from './sequence.ts';

/**
 * Finds the entry that an accepted message became, for a sender who asks again because the answer was
 * lost. The log has no index by uuid, which would cost every message a write so that a few retries
 * read less. But its time never runs backwards, so the place is found by halving: an entry is never
 * earlier than its acceptance, nor many entries later.
 */
export interface Sought {
  readonly room: string;
  readonly user: string;
  readonly uuid: string;
  /** Milliseconds. */
  readonly acceptedAt: number;
}

export interface Found {
  readonly entry: Entry;
  /** The room's newest number. */
  readonly head: number;
}

/** Entries of one look: most retries come within seconds, and end with the first. */
const PAGE = 50;

/** Looks from the place where it should be: an entry that is not there by then was set aside. */
const LOOKS = 10;

/** Undefined while the message has no number yet: then its broadcast is still to come. */
export async function findEntry(log: Log, sought: Sought): Promise<Found | undefined> {
  const { room, user, uuid, acceptedAt } = sought;
  const matches = (entry: Entry) => entry.user === user && entry.uuid === uuid;
  const newest = await log.tail(room, PAGE);
  const head = newest[0]?.seq ?? 0;
  const recent = newest.find(matches);
  if (recent !== undefined) return { entry: recent, head };

  const oldestSeen = newest.at(-1);
  if (oldestSeen === undefined || oldestSeen.timestamp < acceptedAt) return undefined;
  const first = await firstSince(log, room, acceptedAt, oldestSeen.seq);
  const last = Math.min(oldestSeen.seq, first + LOOKS * PAGE);
  for (let from = first; from < last; from += PAGE) {
    const page = await log.from(room, from, PAGE);
    const entry = page.find(matches);
    if (entry !== undefined) return { entry, head };
  }
  return undefined;
}

/** Entries of one read when nothing may be overlooked. */
const LONG_PAGE = 500;

/**
 * All entries of one room that became of these, however far from their acceptance: what was sent through
 * again by an operator may have got its number hours later. Reads the log from the earliest acceptance on.
 */
export async function findEntries(
  log: Log,
  room: string,
  sought: readonly Sought[],
): Promise<readonly Entry[]> {
  const [newest] = sought.length === 0 ? [] : await log.tail(room, 1);
  if (newest === undefined) return [];
  const wanted = new Set(sought.map(identity));
  const since = Math.min(...sought.map(({ acceptedAt }) => acceptedAt));
  const found: Entry[] = [];
  let from = await firstSince(log, room, since, newest.seq);
  while (from <= newest.seq && found.length < wanted.size) {
    const page = await log.from(room, from, LONG_PAGE);
    found.push(...page.filter((entry) => wanted.has(identity(entry))));
    from += LONG_PAGE;
  }
  return found;
}

/** The first number at or below `upTo` whose time is not before `since`. */
async function firstSince(log: Log, room: string, since: number, upTo: number): Promise<number> {
  let low = 1;
  let high = upTo;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const [entry] = await log.from(room, middle, 1);
    if (entry !== undefined && entry.timestamp < since) low = middle + 1;
    else high = middle;
  }
  return low;
}
