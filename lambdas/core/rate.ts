/**
 * A rate limit that needs one number: the theoretical arrival time (`tat`) of the generic cell rate
 * algorithm. Every message moves it on by one interval; it may run ahead of the clock by a burst.
 */
export interface RateLimit {
  /** Milliseconds between messages at the sustained rate. */
  readonly intervalMs: number;
  /** How far, in milliseconds, `tat` may be ahead of now for one more message to pass. */
  readonly toleranceMs: number;
}

/** `burst` messages at once, then `perSecond`. */
export function rateLimit(perSecond: number, burst: number): RateLimit {
  const intervalMs = 1_000 / perSecond;
  return { intervalMs, toleranceMs: Math.max(0, burst - 1) * intervalMs };
}

/** Seconds until the next message passes, when `tat` is too far ahead. */
export const retryAfterSeconds = (limit: RateLimit, tat: number, now: number): number =>
  Math.max(1, Math.ceil(tat - now - limit.toleranceMs)) / 1_000;
