/**
 * When to try again. Full jitter: a random part of a wait that doubles with each failure, so that a
 * million clients cut off at once do not come back at once. A connection that did not last counts as a
 * failure, and over all there is a ceiling on the rate of attempts: no server, however it behaves, makes
 * a client hammer it.
 */

/** The longest wait after the first failure, before jitter; it doubles from here. */
export const FIRST_WAIT_MS = 1_000;

/** The longest wait of all, before jitter. */
export const WAIT_MAX_MS = 30_000;

/**
 * A connection that was signed in for so long was a good one, and its failures are forgotten. Longer than
 * a server takes to break down over those it has let in; shorter than a bad network holds, or who is cut
 * off every 15 s would wait longer each time (`npm run bench:drops`).
 */
export const STABLE_MS = 5_000;

/**
 * Attempts within one window, whatever made them. Who loses the network every 15 s needs three or four each
 * time; ten held such people up for half a minute (`npm run bench:drops`).
 */
export const ATTEMPTS_MAX_COUNT = 20;
export const ATTEMPTS_WINDOW_MS = 60_000;

/** What is remembered of the attempts so far. */
export interface Attempts {
  /** Failures since the last stable connection. */
  readonly failures: number;
  /** When the newest attempts began, oldest first; as many as the ceiling needs. */
  readonly begun: readonly number[];
}

export const NO_ATTEMPTS: Attempts = { failures: 0, begun: [] };

/** An attempt begins. */
export const begin = ({ failures, begun }: Attempts, now: number): Attempts => ({
  failures,
  begun: [...begun, now].slice(-ATTEMPTS_MAX_COUNT),
});

/** An attempt failed, or its connection was lost after `signedInMs` (0 when nobody signed in). */
export const fail = ({ failures, begun }: Attempts, signedInMs: number): Attempts => ({
  failures: signedInMs >= STABLE_MS ? 1 : failures + 1,
  begun,
});

/** The earliest that the ceiling allows another attempt. */
export function allowedAt({ begun }: Attempts, now: number): number {
  const [oldest = 0] = begun;
  // A clock that was set back must not hold an attempt for longer than the window.
  const held = begun.length === ATTEMPTS_MAX_COUNT ? oldest + ATTEMPTS_WINDOW_MS : now;
  return Math.min(Math.max(now, held), now + ATTEMPTS_WINDOW_MS);
}

/** When to try again by oneself, after a failure. */
export function retryAt(attempts: Attempts, now: number, random: () => number): number {
  const longest = Math.min(WAIT_MAX_MS, FIRST_WAIT_MS * 2 ** (attempts.failures - 1));
  return Math.max(now + Math.floor(random() * longest), allowedAt(attempts, now));
}
