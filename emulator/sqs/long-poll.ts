/** Those who wait for a message: woken when one arrives, at a time, or when the queue is closed. */
import type { Clock } from '../clock.ts';

export interface LongPolls {
  /** Resolves at this time (epoch milliseconds) of the clock, or earlier when woken. */
  wait(untilMs: number): Promise<void>;
  wakeAll(): void;
}

export function createLongPolls(clock: Clock): LongPolls {
  const waiting = new Set<() => void>();
  return {
    wait: (untilMs) =>
      new Promise<void>((resolve) => {
        const wake = () => {
          cancel();
          waiting.delete(wake);
          resolve();
        };
        const cancel = clock.after(untilMs - clock.now(), wake);
        waiting.add(wake);
      }),
    wakeAll() {
      for (const wake of waiting) wake();
    },
  };
}
