/** Who types: told by frames, forgotten by time. Pure; whoever holds it asks again at `nextEnd`. */

/** People who are shown typing at once. */
export const TYPISTS_MAX_COUNT = 100;

/** The longest that somebody is shown typing without a word, whatever the server says. */
export const TYPING_MAX_MS = 30_000;

/** How often somebody who goes on typing says so; the server passes on no more than one in 3 seconds. */
export const TYPING_REPEAT_MS = 4_000;

/** Until when each of them types, in milliseconds since the epoch. */
export type Typists = ReadonlyMap<string, number>;

/** Somebody types for so many milliseconds from now on; 0 when he has stopped. */
export function hearTyping(typists: Typists, user: string, ms: number, now: number): Typists {
  if (ms === 0 && !typists.has(user)) return typists;
  const next = new Map(typists);
  next.delete(user);
  if (ms > 0 && next.size < TYPISTS_MAX_COUNT) next.set(user, now + Math.min(ms, TYPING_MAX_MS));
  return next;
}

/** Without those whose time is over; the same when nobody's is. */
export function stillTyping(typists: Typists, now: number): Typists {
  const still = [...typists].filter(([, until]) => until > now);
  return still.length === typists.size ? typists : new Map(still);
}

/** When the first of them is to be forgotten; undefined when nobody types. */
export const nextEnd = (typists: Typists): number | undefined =>
  typists.size === 0 ? undefined : Math.min(...typists.values());

/** What one has said of one's own typing: that one types, and when; undefined: that one does not. */
export type Said = number | undefined;

/** Whether it is to be said that one types, or has stopped. */
export function isWorthSaying(said: Said, typing: boolean, now: number): boolean {
  if (!typing) return said !== undefined;
  return said === undefined || now - said >= TYPING_REPEAT_MS;
}
