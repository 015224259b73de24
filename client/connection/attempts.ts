/** Makes the attempts to connect at the times that `reconnect.ts` decides. */
import type { Clock } from '../clock.ts';
import { createTimer } from '../timer.ts';
import { allowedAt, begin, fail, hope, NO_ATTEMPTS, retryAt } from './reconnect.ts';

export interface AttemptsOptions {
  readonly clock: Clock;
  readonly random: () => number;
  /** Begins an attempt, the how-manieth since the last good connection. */
  readonly attempt: (count: number) => void;
}

export interface Attempts {
  /** There is reason to hope: tries as soon as the ceiling on the rate allows; answers when that is. */
  soon(): number;
  /** Something failed that had been signed in for so long; answers when it is tried again. */
  again(signedInMs: number, waitMs?: number): number;
  /** Tries no more. */
  cancel(): void;
}

export function createAttempts({ clock, random, attempt }: AttemptsOptions): Attempts {
  let known = NO_ATTEMPTS;

  const run = () => {
    timer.stop();
    known = begin(known, clock.now());
    attempt(known.failures + 1);
  };
  const timer = createTimer(clock, run);
  const at = (time: number) => {
    // The clock may have moved on since the time was reckoned.
    timer.start(Math.max(0, time - clock.now()));
    return time;
  };
  return {
    soon() {
      known = hope(known);
      const time = allowedAt(known, clock.now());
      if (time > clock.now()) return at(time);
      run();
      return time;
    },
    again(signedInMs, waitMs = 0) {
      const now = clock.now();
      known = fail(known, signedInMs, random);
      return at(Math.max(retryAt(known, now), now + waitMs));
    },
    cancel: () => timer.stop(),
  };
}
