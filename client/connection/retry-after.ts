/** How long to wait when a server says so: it is obeyed, up to a limit, and asking for more is told. */
import type { Problem } from '../problem.ts';

/** The longest wait that a server may ask for, in seconds. */
export const RETRY_AFTER_MAX_S = 60;

/** The wait in milliseconds. */
export function toWaitMs(retryAfter: number, problem: (problem: Problem) => void): number {
  if (retryAfter > RETRY_AFTER_MAX_S) {
    const message = `The server asked for a wait of ${retryAfter} seconds; it got ${RETRY_AFTER_MAX_S}`;
    problem({ code: 'retry_after', message });
  }
  return Math.max(0, Math.min(retryAfter, RETRY_AFTER_MAX_S)) * 1_000;
}
