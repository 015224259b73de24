/**
 * A room's log as far as the client has it: entries by number, with holes where nothing was loaded. Up
 * to `end` it has heard everything since it began, and each entry is as all others up to `end` made it;
 * so what was read long ago is never out of date. What comes too early waits until the numbers before it
 * are there. What a reader sees is the stretch around the place where he reads: from there to the first
 * hole either way.
 *
 * Pure: each step makes a new timeline, or answers the same when nothing changed. Bounded: what is far
 * from where one reads is forgotten, and becomes a hole.
 */
import type { Entry } from '../../protocol/entry.ts';
import { fold } from './fold.ts';

/** Entries that are kept around the place where one reads. */
export const KEPT_MAX_COUNT = 1_000;

/** Entries that are kept at the end, wherever one reads. */
export const TAIL_MAX_COUNT = 200;

/** Entries beyond a hole at the end that wait for it to close. */
export const EARLY_MAX_COUNT = 200;

/** Entries above the limit before anything is forgotten, so that not each new one makes a new list. */
const SLACK_COUNT = 100;

export interface Timeline {
  /** By number; where a number is missing there is a hole. */
  readonly known: readonly Entry[];
  /** Beyond a hole at the end, by number. */
  readonly early: readonly Entry[];
  /** All that came up to here was heard. */
  readonly end: number;
  /** The number around which one reads, or the end, wherever that is. */
  readonly place: number | 'end';
}

/** Begins with the newest page of a room, in which the log ends. */
export const beginTimeline = (page: readonly Entry[]): Timeline => ({
  known: page,
  early: [],
  end: page.at(-1)?.seq ?? 0,
  place: 'end',
});

/** Takes an entry that comes at the end, in whichever order and however often. */
export function hear(timeline: Timeline, entry: Entry): Timeline {
  if (entry.seq <= timeline.end) return timeline;
  if (entry.seq > timeline.end + 1) return wait(timeline, entry);
  const next = append(timeline, entry);
  const [first, ...early] = next.early;
  if (first === undefined || first.seq > next.end + 1) return next;
  return hear({ ...next, early }, first);
}

function append(timeline: Timeline, entry: Entry): Timeline {
  const before =
    entry.target === undefined ? timeline.known : timeline.known.map((known) => fold(known, entry));
  return forget({ ...timeline, known: [...before, entry], end: entry.seq });
}

function wait(timeline: Timeline, entry: Entry): Timeline {
  if (timeline.early.some(({ seq }) => seq === entry.seq)) return timeline;
  const early = [...timeline.early, entry].toSorted(bySeq).slice(0, EARLY_MAX_COUNT);
  return { ...timeline, early };
}

/**
 * Puts in a page of the past, which is contiguous, and was read when the end was `since`, or later.
 * Undefined when too much has happened in the meantime to bring it up to date: ask again.
 */
export function insert(
  timeline: Timeline,
  page: readonly Entry[],
  since: number,
): Timeline | undefined {
  const missed = tail(timeline).filter(({ seq }) => seq > since);
  if (missed.length < timeline.end - since) return undefined;
  const there = new Set(timeline.known.map(({ seq }) => seq));
  const more = page
    .filter(({ seq }) => seq <= timeline.end && !there.has(seq))
    .map((entry) => missed.reduce(fold, entry));
  const past = more.length === 0 ? timeline : withMore(timeline, more);
  return page.reduce(hear, past);
}

const withMore = (timeline: Timeline, more: readonly Entry[]): Timeline => ({
  ...timeline,
  known: [...timeline.known, ...more].toSorted(bySeq),
});

/** Reads elsewhere; what is far from there may be forgotten. */
export const readAt = (timeline: Timeline, place: Timeline['place']): Timeline =>
  place === timeline.place ? timeline : forget({ ...timeline, place });

/** What a reader sees: contiguous, oldest first. Empty where nothing is known. */
export function stretch({ known, place, end }: Timeline): readonly Entry[] {
  const middle = known.findLastIndex(({ seq }) => seq <= (place === 'end' ? end : place));
  if (middle < 0) return [];
  const isNext = (index: number) => seqAt(known, index) + 1 === seqAt(known, index + 1);
  let first = middle;
  while (first > 0 && isNext(first - 1)) first -= 1;
  let last = middle;
  while (last < known.length - 1 && isNext(last)) last += 1;
  return known.slice(first, last + 1);
}

/** The contiguous part that ends at the end. */
const tail = (timeline: Timeline): readonly Entry[] => stretch({ ...timeline, place: 'end' });

/** Whether something is loaded under this number. */
export const knows = ({ known }: Timeline, seq: number): boolean =>
  known.some((entry) => entry.seq === seq);

/**
 * Whether it is said to be another than the one that is known under its number. What was sealed never
 * changes, whatever happens to the words.
 */
export function contradicts({ known, early }: Timeline, entry: Entry): boolean {
  const isOther = ({ seq, chain, hash }: Entry) =>
    seq === entry.seq && (chain !== entry.chain || hash !== entry.hash);
  return known.some(isOther) || early.some(isOther);
}

/** Forgets what is farthest from where one reads, but for the newest. */
function forget(timeline: Timeline): Timeline {
  const { known, place, end } = timeline;
  if (known.length <= KEPT_MAX_COUNT + TAIL_MAX_COUNT + SLACK_COUNT) return timeline;
  const middle = place === 'end' ? end : place;
  let first = 0;
  let after = known.length;
  while (after - first > KEPT_MAX_COUNT) {
    const isOlderFarther = middle - seqAt(known, first) > seqAt(known, after - 1) - middle;
    if (isOlderFarther) first += 1;
    else after -= 1;
  }
  const newest = known.slice(Math.max(after, known.length - TAIL_MAX_COUNT));
  return { ...timeline, known: [...known.slice(first, after), ...newest] };
}

const seqAt = (entries: readonly Entry[], index: number) => entries[index]?.seq ?? Number.NaN;

const bySeq = (a: Entry, b: Entry) => a.seq - b.seq;
