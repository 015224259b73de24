import type { InvocationResult } from '../invocation.ts';

/**
 * What becomes of an asynchronous event after an attempt, as AWS decides it: a function that failed is
 * tried again after one and two minutes; a throttled one ever more slowly, until the event is too old.
 * An event that would be too old at its next attempt is given up at once [SRC: AWS may wait for that].
 */
export interface AsyncSettings {
  /** 0 to 2. */
  readonly maximumRetryAttempts: number;
  /** Seconds from the time the event was sent. */
  readonly maximumEventAgeSeconds: number;
}

/** Of functions that ask for nothing: six hours. */
export const DEFAULT_SETTINGS: AsyncSettings = {
  maximumRetryAttempts: 2,
  maximumEventAgeSeconds: 21_600,
};

/** How an event ended, in the words of its record. */
export type Condition =
  | 'Success'
  | 'RetriesExhausted'
  | 'EventAgeExceeded'
  | 'ZeroReservedConcurrency';

/** What came of an event so far. */
export interface Attempts {
  readonly outcome: InvocationResult['outcome'];
  /** Invocations that failed. */
  readonly failures: number;
  readonly throttles: number;
  /** Milliseconds since the event was sent. */
  readonly ageMs: number;
  /** Of the function; 0 switches it off. */
  readonly reservedConcurrency?: number | undefined;
}

export type Next = { readonly ended: Condition } | { readonly retryAfterMs: number };

const RETRY_DELAYS_MS = [60_000, 120_000];
const THROTTLE_DELAY_MS = { first: 1_000, longest: 300_000 };

export function nextAttempt(attempts: Attempts, settings: AsyncSettings): Next {
  const { outcome, failures, throttles, ageMs } = attempts;
  if (outcome === 'returned') return { ended: 'Success' };
  if (outcome === 'throttled' && attempts.reservedConcurrency === 0) {
    return { ended: 'ZeroReservedConcurrency' };
  }
  const retryAfterMs =
    outcome === 'throttled' ? throttleDelayMs(throttles) : RETRY_DELAYS_MS[failures - 1];
  const exhausted = outcome !== 'throttled' && failures > settings.maximumRetryAttempts;
  if (exhausted || retryAfterMs === undefined) return { ended: 'RetriesExhausted' };
  const tooOld = ageMs + retryAfterMs >= settings.maximumEventAgeSeconds * 1_000;
  return tooOld ? { ended: 'EventAgeExceeded' } : { retryAfterMs };
}

const throttleDelayMs = (throttles: number) =>
  Math.min(THROTTLE_DELAY_MS.first * 2 ** (throttles - 1), THROTTLE_DELAY_MS.longest);
