/**
 * When to try again. A client waits a random part of the time that it has waited already: who loses the
 * network for two seconds is back some two seconds later at most, and a million clients that were cut off
 * at once come back the more spread out the longer it takes (full jitter). A connection that did not last does not end
 * the time away, and over all there is a ceiling on the rate of attempts: no server, however it behaves,
 * makes a client hammer it.
 */

/** The longest wait of who has just been cut off, before jitter. */
export const FIRST_WAIT_MS = 1_000;

/** The longest wait of all, before jitter. */
export const WAIT_MAX_MS = 30_000;

/**
 * A connection that was signed in for so long was a good one, and ends the time away. Longer than
 * a server takes to break down over those it has let in; shorter than a bad network holds, or who is cut
 * off every 15 s would wait longer each time (`npm run bench:drops`).
 */
export const STABLE_MS = 5_000;

/**
 * Attempts within one window, whatever made them. Who loses the network for two seconds needs four or five,
 * and may lose it every 15 s: a lower ceiling held such people up (`npm run bench:drops`).
 */
export const ATTEMPTS_MAX_COUNT = 30;
export const ATTEMPTS_WINDOW_MS = 60_000;

/** What is remembered of the attempts so far. */
export interface Attempts {
  /** Failures since the last stable connection. */
  readonly failures: number;
  /** The wait after the last one, in milliseconds. */
  readonly waitMs: number;
  /** That and all waits before it, since there was reason to hope. */
  readonly waitedMs: number;
  /** When the newest attempts began, oldest first; as many as the ceiling needs. */
  readonly begun: readonly number[];
}

export const NO_ATTEMPTS: Attempts = { failures: 0, waitMs: 0, waitedMs: 0, begun: [] };

/** An attempt begins. */
export const begin = (known: Attempts, now: number): Attempts => ({
  ...known,
  begun: [...known.begun, now].slice(-ATTEMPTS_MAX_COUNT),
});

/**
 * An attempt failed, or its connection was lost after `signedInMs` (0 when nobody signed in). Only waits
 * count as time away: an attempt that hangs has cost enough.
 */
export function fail(known: Attempts, signedInMs: number, random: () => number): Attempts {
  const { failures, waitedMs } = signedInMs >= STABLE_MS ? NO_ATTEMPTS : known;
  const longest = Math.min(WAIT_MAX_MS, Math.max(FIRST_WAIT_MS, waitedMs));
  const waitMs = Math.floor(random() * longest);
  return { ...known, failures: failures + 1, waitMs, waitedMs: waitedMs + waitMs };
}

/** The network is back, somebody looks, or an old connection is to be replaced: waits are short again. */
export const hope = (known: Attempts): Attempts => ({ ...known, waitedMs: 0 });

/** The earliest that the ceiling allows another attempt. */
export function allowedAt({ begun }: Attempts, now: number): number {
  const [oldest = 0] = begun;
  // A clock that was set back must not hold an attempt for longer than the window.
  const held = begun.length === ATTEMPTS_MAX_COUNT ? oldest + ATTEMPTS_WINDOW_MS : now;
  return Math.min(Math.max(now, held), now + ATTEMPTS_WINDOW_MS);
}

/** When to try again by oneself, after a failure. */
export const retryAt = (known: Attempts, now: number): number =>
  Math.max(now + known.waitMs, allowedAt(known, now));
