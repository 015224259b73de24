/**
 * Time, injected: what the emulator waits for (polls, idle and life limits, back-offs, ages) goes
 * through here, so that two hours pass in a second and a test decides when they have.
 */
export interface Clock {
  /** Milliseconds since the epoch, in the clock's own time. */
  now(): number;
  /** Calls `action` once after `ms` of the clock's time; the answer cancels it. */
  after(ms: number, action: () => void): () => void;
}

/**
 * The machine's clock, `scale` times as fast: with 3,600 an hour passes in a second. Timers do not
 * keep the process alive.
 */
export function realClock(scale = 1): Clock {
  const startedAt = Date.now();
  return {
    now: () => startedAt + (Date.now() - startedAt) * scale,
    after(ms, action) {
      const timer = setTimeout(action, ms / scale).unref();
      return () => clearTimeout(timer);
    },
  };
}

export interface ManualClock extends Clock {
  /** Moves time on, running every timer that falls due, in order of its time. */
  advance(ms: number): void;
}

/** A clock that stands still until it is told to move. */
export function manualClock(startedAt = Date.UTC(2026, 0, 1)): ManualClock {
  let time = startedAt;
  const timers = new Set<{ readonly at: number; readonly action: () => void }>();
  const nextDue = (until: number) =>
    [...timers].filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at)[0];
  return {
    now: () => time,
    after(ms, action) {
      const timer = { at: time + ms, action };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advance(ms) {
      const until = time + ms;
      for (let timer = nextDue(until); timer !== undefined; timer = nextDue(until)) {
        timers.delete(timer);
        time = Math.max(time, timer.at);
        timer.action();
      }
      time = until;
    },
  };
}
