/** One thing to be done later: to start it again puts it off. */
import type { Clock } from './clock.ts';

export interface Timer {
  /** Runs it after so many milliseconds, and at no other time. */
  start(ms: number): void;
  stop(): void;
}

export function createTimer(clock: Clock, run: () => void): Timer {
  let stop = () => {};
  return {
    start(ms) {
      stop();
      stop = clock.after(ms, run);
    },
    stop: () => stop(),
  };
}
