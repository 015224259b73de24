import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Cause } from '../meter/cause.ts';
import type { InvokeAs } from './invocation-result.ts';

/**
 * Lambda's queue of asynchronous invocations (`InvocationType: Event`). One that fails is tried twice
 * more, after one and two minutes; a throttled one again and again for six hours. All under the same
 * request id. Not copied: destinations, dead-letter queues of functions, and that AWS may deliver an
 * event twice.
 */
export interface EventQueue {
  /** Takes an event; false when the queue is full. */
  send(requestId: string, nameOrArn: string, event: unknown, cause?: Cause): boolean;
  /** Forgets what waits for another try. */
  close(): void;
}

const retryDelaysMs = [60_000, 120_000];
const throttleDelayMs = { first: 1_000, longest: 300_000 };
const throttledForAtMostMs = 6 * 3_600_000;
/** Events under way or waiting for another try; AWS names no limit. */
const backlogLimit = 10_000;

interface QueuedEvent {
  readonly requestId: string;
  readonly nameOrArn: string;
  readonly event: unknown;
  readonly sentAt: number;
  readonly cause: Cause | undefined;
  failures: number;
  throttles: number;
}

export function createEventQueue(options: {
  readonly invokeAs: InvokeAs;
  readonly clock: Clock;
  readonly log: Log;
}): EventQueue {
  const { clock, log } = options;
  let backlog = 0;
  let closed = false;
  const retries = new Set<() => void>();

  const attempt = async (queued: QueuedEvent) => {
    const { requestId, nameOrArn, event, cause } = queued;
    const { outcome } = await options.invokeAs(requestId, nameOrArn, event, cause);
    if (outcome === 'failed') queued.failures += 1;
    if (outcome === 'throttled') queued.throttles += 1;
    const delayMs = outcome === 'returned' ? undefined : nextDelayMs(queued, clock.now(), outcome);
    if (delayMs !== undefined && !closed) return retryAfter(delayMs, queued);
    backlog -= 1;
    if (outcome !== 'returned') log(nameOrArn, `${requestId} given up: the last try ${outcome}`);
  };
  const retryAfter = (delayMs: number, queued: QueuedEvent) => {
    const cancel = clock.after(delayMs, () => {
      retries.delete(cancel);
      void attempt(queued);
    });
    retries.add(cancel);
  };

  return {
    send(requestId, nameOrArn, event, cause) {
      if (backlog >= backlogLimit) return false;
      backlog += 1;
      const sentAt = clock.now();
      void attempt({ requestId, nameOrArn, event, sentAt, cause, failures: 0, throttles: 0 });
      return true;
    },
    close() {
      closed = true;
      for (const cancel of retries) cancel();
      retries.clear();
    },
  };
}

/** When to try again, in milliseconds from now; undefined: not again. */
function nextDelayMs(queued: QueuedEvent, now: number, outcome: string): number | undefined {
  if (outcome === 'failed') return retryDelaysMs[queued.failures - 1];
  if (outcome !== 'throttled' || now - queued.sentAt >= throttledForAtMostMs) return undefined;
  return Math.min(throttleDelayMs.first * 2 ** (queued.throttles - 1), throttleDelayMs.longest);
}
