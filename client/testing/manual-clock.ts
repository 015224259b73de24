/** A clock that stands still until a test moves it: two hours pass in one step, in the right order. */
import type { Clock } from '../clock.ts';

export interface ManualClock extends Clock {
  /**
   * Moves on by so many milliseconds, from one thing that was waited for to the next, in the order of
   * time; what each of them sets off runs before the next.
   */
  advance(ms: number): Promise<void>;
  /** How many things are waited for. */
  readonly waiting: number;
}

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** Starts at a given time, in milliseconds since the epoch. */
export function createManualClock(start = 1_800_000_000_000): ManualClock {
  const timers = new Set<Timer>();
  let time = start;

  const nextUntil = (end: number) =>
    [...timers].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];

  return {
    now: () => time,
    after(ms, run) {
      const timer = { at: time + Math.max(0, ms), run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async advance(ms) {
      const end = time + ms;
      await quiet();
      for (let timer = nextUntil(end); timer !== undefined; timer = nextUntil(end)) {
        timers.delete(timer);
        time = timer.at;
        timer.run();
        await quiet();
      }
      time = end;
    },
    get waiting() {
      return timers.size;
    },
  };
}

/** Resolves when all that promises have set off is done: a turn of the real event loop. */
const quiet = () => new Promise<void>((resolve) => setTimeout(resolve, 0));
