import type { Worker } from 'node:worker_threads';

/**
 * Holds a thread to the memory of its function by looking at its heap. V8's own limit would do it, but
 * a thread that runs into it can take the whole process along; so that one lies far above, for the
 * last resort, and this one ends the thread before.
 *
 * Only JavaScript's heap counts, not buffers, and not the 40 MB or so that Node itself takes on AWS.
 */
export interface MemoryLimit {
  /** Looks from now on. */
  watch(): void;
  rest(): void;
}

const pollMs = 25;
/** Looks in a row above the limit: garbage may lie there for a moment, and be collected. */
const looksAbove = 6;
/** Times the limit at which one look is enough. */
const surelyTooMuch = 2;

/** V8's limit for a thread of so much memory, in MB. */
export function lastResortMb(memoryMb: number): number {
  const headroomMb = 512;
  return surelyTooMuch * memoryMb + headroomMb;
}

/** Calls `exceeded` when the thread's heap stays above `memoryMb` (MB). */
export function limitMemory(worker: Worker, memoryMb: number, exceeded: () => void): MemoryLimit {
  const limitBytes = memoryMb * 1024 * 1024;
  let above = 0;
  // A question asked before the thread is up is never answered; one at a time is enough.
  let busy = true;
  worker.once('online', () => (busy = false));
  let timer: NodeJS.Timeout | undefined;
  const look = async () => {
    if (busy) return;
    busy = true;
    const { used_heap_size: used } = await worker.getHeapStatistics();
    busy = false;
    above = used > limitBytes ? above + 1 : 0;
    if (above >= looksAbove || used > surelyTooMuch * limitBytes) exceeded();
  };
  return {
    watch() {
      above = 0;
      // The question fails when the thread ends, and then nobody needs the answer.
      timer = setInterval(() => void look().catch(() => {}), pollMs);
    },
    rest: () => clearInterval(timer),
  };
}
