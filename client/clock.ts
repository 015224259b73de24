/**
 * Time, as the client uses it: what is it now, and tell me later. Everything that waits takes a clock,
 * so that a test can move two hours in one step (`parley/client/testing` has such a clock).
 */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs once, after so many milliseconds; the function returned cancels it. */
  after(ms: number, run: () => void): () => void;
}

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
