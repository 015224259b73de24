/**
 * The clients' clock: so many times as fast as the machine's, and it can leap, as when a laptop is
 * opened again: all that falls due in between happens at once.
 */
import type { Clock } from '../../../client/index.ts';

export interface LeapingClock extends Clock {
  leap(ms: number): void;
}

interface Timer {
  readonly at: number;
  readonly run: () => void;
  cancel: () => void;
}

export function createLeapingClock(scale: number): LeapingClock {
  const beganAt = Date.now();
  const began = performance.now();
  const timers = new Set<Timer>();
  let leapt = 0;
  const now = () => Math.floor(beganAt + leapt + (performance.now() - began) * scale);
  const set = (timer: Timer) => {
    timer.cancel();
    const due = () => {
      timers.delete(timer);
      timer.run();
    };
    const handle = setTimeout(due, Math.max(0, (timer.at - now()) / scale));
    timer.cancel = () => clearTimeout(handle);
  };
  return {
    now,
    after(ms, run) {
      const timer: Timer = { at: now() + ms, run, cancel: () => {} };
      timers.add(timer);
      set(timer);
      return () => {
        timer.cancel();
        timers.delete(timer);
      };
    },
    leap(ms) {
      leapt += ms;
      for (const timer of timers) set(timer);
    },
  };
}
