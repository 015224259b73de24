/**
 * Asks for something again and again: every so often by the clock, and at once when woken and
 * `eager`. One poll at a time; a wake during a poll is followed by another one, because the poll may
 * have looked before what was written.
 */
import type { Activity } from '../activity.ts';
import type { Clock } from '../clock.ts';

/**
 * What a poll found: `some` (look again soon), `more` (a full page: look again at once), `nothing`,
 * `ended` (never again), `blocked` (it could not look; it will be resumed).
 */
export type Found = 'some' | 'more' | 'nothing' | 'ended' | 'blocked';

export interface PollerOptions {
  poll(): Promise<Found>;
  /** Between polls, in milliseconds of the clock. */
  readonly everyMs: number;
  /** Before the first poll. */
  readonly firstAfterMs: number;
  /** Polls at once when woken, and until nothing is found. */
  readonly eager: boolean;
  readonly clock: Clock;
  readonly activity: Activity;
  readonly signal: AbortSignal;
  /** A poll that throws is tried again at its next time. */
  failed(error: unknown): void;
  /** After every poll. */
  changed(): void;
}

export interface Poller {
  /** There may be something new. */
  wake(): void;
  /** Goes on after `blocked`. */
  resume(): void;
  /** True when a poll that began after the last wake found nothing, or nothing can come any more. */
  upToDate(): boolean;
  /** The last poll answered `ended`. */
  ended(): boolean;
}

export function startPoller(options: PollerOptions): Poller {
  const { clock, eager, signal } = options;
  let wakes = 0;
  let emptyAt = -1;
  let last: Found | undefined;
  let running = false;
  let again = false;
  let cancelNext: (() => void) | undefined;

  const pollOnce = async () => {
    again = false;
    const wakesBefore = wakes;
    last = await options.poll();
    if (last === 'nothing') emptyAt = wakesBefore;
    if (last === 'more' || (last === 'some' && eager)) again = true;
  };
  const over = () => signal.aborted || last === 'ended';
  const goesOn = () => again && !over();
  const run = async () => {
    if (over()) return;
    if (running) {
      again = true;
      return;
    }
    running = true;
    cancelNext?.();
    const end = options.activity.begin();
    try {
      do await pollOnce();
      while (goesOn());
    } catch (error) {
      options.failed(error);
    }
    running = false;
    if (!over()) schedule(options.everyMs);
    end();
    options.changed();
  };
  const schedule = (ms: number) => {
    cancelNext = clock.after(ms, () => void run());
  };
  signal.addEventListener('abort', () => cancelNext?.());
  if (options.firstAfterMs > 0) schedule(options.firstAfterMs);
  else void run();

  return {
    wake() {
      wakes += 1;
      if (eager) void run();
    },
    resume() {
      if (last === 'blocked') void run();
    },
    upToDate: () => over() || emptyAt === wakes,
    ended: () => last === 'ended',
  };
}
