/**
 * Tells the server how far somebody has read: only ever further, at most once a second for each room,
 * and the last one always. What could not be told is told on the next connection.
 */
import type { Clock } from '../clock.ts';
import type { Line } from '../connection/line.ts';
import { isRetryable } from '../sending/outbox.ts';

/** Between two marks of a room. */
export const MARK_PAUSE_MS = 1_000;

export interface ReadMarks {
  mark(room: string, seq: number): void;
  /** There is a connection again. */
  resume(): void;
  close(): void;
}

interface Mark {
  wanted: number;
  told: number;
  /** One is under way, or was a moment ago. */
  busy: boolean;
}

export function createReadMarks(options: {
  readonly ask: Line['ask'];
  readonly clock: Clock;
}): ReadMarks {
  const { ask, clock } = options;
  const marks = new Map<string, Mark>();
  const pauses = new Set<() => void>();
  let isClosed = false;

  async function tell(room: string, mark: Mark): Promise<void> {
    if (isClosed || mark.busy || mark.wanted <= mark.told) return;
    mark.busy = true;
    const seq = mark.wanted;
    const answer = await ask({ action: 'mark_read', room, seq });
    const isLost = !answer.ok && answer.code === 'offline';
    // A mark that is refused for good is not told again.
    if (answer.ok || !isRetryable(answer.code)) mark.told = Math.max(mark.told, seq);
    pause(() => {
      mark.busy = false;
      if (!isLost) void tell(room, mark);
    });
  }
  function pause(then: () => void): void {
    if (isClosed) return;
    const cancel = clock.after(MARK_PAUSE_MS, () => {
      pauses.delete(cancel);
      then();
    });
    pauses.add(cancel);
  }
  return {
    mark(room, seq) {
      const mark = marks.get(room) ?? { wanted: 0, told: 0, busy: false };
      marks.set(room, mark);
      mark.wanted = Math.max(mark.wanted, seq);
      void tell(room, mark);
    },
    resume() {
      for (const [room, mark] of marks) {
        mark.busy = false;
        void tell(room, mark);
      }
    },
    close() {
      isClosed = true;
      for (const cancel of pauses) cancel();
      pauses.clear();
    },
  };
}
