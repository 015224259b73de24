import type { Activity } from '../activity.ts';
import type { Clock } from '../clock.ts';
import type { InvocationResult } from '../invocation.ts';
import type { Log } from '../log.ts';
import type { Cause } from '../meter/cause.ts';
import type { FunctionResource } from '../model.ts';
import {
  type AsyncSettings,
  type Attempts,
  type Condition,
  nextAttempt,
} from './async-attempts.ts';
import type { InvokeAs } from './invocation-result.ts';

/**
 * Lambda's queue of asynchronous invocations (`InvocationType: Event`): every event is tried until it
 * succeeds or is given up (`async-attempts.ts`), all under the same request id, and is then handed on
 * to what waits for its end (`destinations.ts`). Not copied: that AWS may deliver an event twice, and
 * that it drops some when a function cannot keep up.
 */
export interface AsyncInvocations {
  /** Takes an event; false when the queue is full. */
  send(event: AsyncEvent): boolean;
  /** Those between two attempts. */
  waiting(): readonly WaitingEvent[];
  /** Resolves when no event is left, neither under way nor waiting for the clock. */
  quiet(): Promise<void>;
  /** Forgets what waits for another try. */
  close(): void;
}

export interface AsyncEvent {
  readonly requestId: string;
  readonly fn: FunctionResource;
  readonly event: unknown;
  readonly cause?: Cause | undefined;
}

export interface WaitingEvent {
  /** The function's name. */
  readonly function: string;
  readonly requestId: string;
  /** Of the next attempt, in milliseconds since the epoch by the cloud's clock. */
  readonly attemptAt: number;
}

/** An event whose fate is sealed. */
export interface EndedEvent extends AsyncEvent {
  readonly condition: Condition;
  /** Invocations that ran. */
  readonly invokeCount: number;
  /** Of the last attempt. */
  readonly result: InvocationResult;
}

/** Events under way or waiting for another try; AWS names no limit. */
const BACKLOG_LIMIT = 10_000;

interface QueuedEvent extends AsyncEvent {
  readonly sentAt: number;
  failures: number;
  throttles: number;
}

export function createAsyncInvocations(options: {
  readonly invokeAs: InvokeAs;
  readonly settingsOf: (fn: FunctionResource) => AsyncSettings;
  /** Hands on an event that has ended; never rejects. */
  readonly ended: (event: EndedEvent) => Promise<void>;
  readonly clock: Clock;
  readonly activity: Activity;
  readonly log: Log;
}): AsyncInvocations {
  const { clock, log } = options;
  const backlog = createBacklog();
  const waiting = new Map<() => void, WaitingEvent>();

  const attempt = async (queued: QueuedEvent) => {
    const end = options.activity.begin();
    try {
      const { requestId, fn, event, cause } = queued;
      const result = await options.invokeAs(requestId, fn.name, event, cause);
      // What is cut short by the end of the emulator has not failed.
      if (backlog.closed()) return;
      count(queued, result);
      const next = nextAttempt(attemptsOf(queued, result, clock.now()), options.settingsOf(fn));
      if ('ended' in next) {
        await options.ended(endedEvent(queued, next.ended, result));
        backlog.leave();
      } else retryAfter(next.retryAfterMs, queued, result);
    } finally {
      end();
    }
  };
  const retryAfter = (ms: number, queued: QueuedEvent, { outcome }: InvocationResult) => {
    const { fn, requestId } = queued;
    // Throttles may be many, and the first says it all.
    if (outcome !== 'throttled' || queued.throttles === 1) {
      log(fn.name, `${requestId} ${outcome}, and is tried again after ${ms / 1_000} s`);
    }
    const cancel = clock.after(ms, () => {
      waiting.delete(cancel);
      void attempt(queued);
    });
    waiting.set(cancel, { function: fn.name, requestId, attemptAt: clock.now() + ms });
  };

  return {
    send(event) {
      if (!backlog.enter()) return false;
      void attempt({ ...event, sentAt: clock.now(), failures: 0, throttles: 0 });
      return true;
    },
    waiting: () => [...waiting.values()],
    quiet: () => backlog.quiet(),
    close() {
      for (const cancel of waiting.keys()) cancel();
      waiting.clear();
      backlog.close();
    },
  };
}

/** How many events there are, and who waits for there to be none. */
function createBacklog() {
  const listeners: (() => void)[] = [];
  let events = 0;
  let closed = false;
  const tell = () => {
    for (const resolve of listeners.splice(0)) resolve();
  };
  return {
    /** False: there are too many. */
    enter() {
      if (events >= BACKLOG_LIMIT) return false;
      events += 1;
      return true;
    },
    leave() {
      events -= 1;
      if (events === 0) tell();
    },
    async quiet() {
      if (events > 0 && !closed) await new Promise<void>((resolve) => listeners.push(resolve));
    },
    closed: () => closed,
    close() {
      closed = true;
      tell();
    },
  };
}

function count(queued: QueuedEvent, { outcome }: InvocationResult): void {
  if (outcome === 'throttled') queued.throttles += 1;
  else if (outcome !== 'returned') queued.failures += 1;
}

function attemptsOf(queued: QueuedEvent, { outcome }: InvocationResult, now: number): Attempts {
  const { fn, failures, throttles, sentAt } = queued;
  const { reservedConcurrency } = fn;
  return { outcome, failures, throttles, ageMs: now - sentAt, reservedConcurrency };
}

function endedEvent(
  { requestId, fn, event, cause, failures }: QueuedEvent,
  condition: Condition,
  result: InvocationResult,
): EndedEvent {
  const invokeCount = failures + (result.outcome === 'returned' ? 1 : 0);
  return { requestId, fn, event, cause, condition, invokeCount, result };
}
