/**
 * Frames are the bill: what comes in one batch leaves as one frame. While a room with many people online
 * keeps talking, the broadcaster therefore stays a little before it takes the next batch, so that there
 * is more in it. Nothing that it has waits for this: its posts are out by then. The first words after a
 * silence, and rooms with few people, are never held.
 */

/** Milliseconds from the beginning of one batch of a busy stream to that of the next, at least. */
export const PACE_MS = 320;

/** Posts of a batch from which the frames saved cost more than the time of the function. */
export const PACE_FROM_POSTS = 50;

/** Milliseconds to stay. All times are of one clock, in milliseconds. */
export function holdMs(batch: {
  readonly beganAt: number;
  /** When the batch before this one ended; undefined for a sandbox's first. */
  readonly previousEndedAt: number | undefined;
  readonly posts: number;
  readonly now: number;
}): number {
  const { beganAt, previousEndedAt, posts, now } = batch;
  const goesOn = previousEndedAt !== undefined && beganAt - previousEndedAt < PACE_MS;
  return goesOn && posts >= PACE_FROM_POSTS ? Math.max(0, beganAt + PACE_MS - now) : 0;
}
