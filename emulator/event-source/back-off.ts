/**
 * How long a mapping waits before it invokes again with what failed. AWS publishes no figures; these
 * are the emulator's own: short at first, doubling, never more than a minute.
 */
import type { Clock } from '../clock.ts';

const FIRST_BACK_OFF_MS = 100;
const LONGEST_BACK_OFF_MS = 60_000;

/** Milliseconds to wait after this many failures in a row (1 or more). */
export function backOffMs(failures: number): number {
  return Math.min(FIRST_BACK_OFF_MS * 2 ** (failures - 1), LONGEST_BACK_OFF_MS);
}

/** Waits `ms` of the clock's time, or until the signal is aborted. */
export async function waitOut(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after(ms, done);
    signal.addEventListener('abort', done);
  });
}
