import type { Clock } from '../clock.ts';

/** Resolves after `ms` of the clock's time. */
export const pause = (clock: Clock, ms: number): Promise<void> =>
  new Promise((resolve) => void clock.after(ms, resolve));
