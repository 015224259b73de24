import * as v from 'valibot';

/**
 * Numbers as frames carry them. A client may be lied to, so each is bounded to what it can mean: JSON
 * can say 1e999, which is read as infinite.
 */

/** The number of an entry in its room's log: 1, 2, 3. */
export const seq = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

/** How many there are of something, or the number of an entry, 0 standing for none. */
export const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** Seconds, with a fraction: since the epoch, or from now on. */
export const seconds = v.pipe(v.number(), v.finite(), v.minValue(0));
