import type { ManualClock } from '../../emulator/clock.ts';

/** Real milliseconds between two steps of a second of the clock. */
const STEP_MS = 10;

/** Lets a clock run while something goes on that waits for it: windows of streams, long polls of queues. */
export async function moving<Result>(clock: ManualClock, work: Promise<Result>): Promise<Result> {
  const timer = setInterval(() => clock.advance(1_000), STEP_MS);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
