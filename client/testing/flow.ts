/**
 * One direction of a socket. What is sent arrives by itself, in order, as on a socket; or, when the test
 * holds it, when and in whichever order the test says.
 */
export interface Flow {
  /** What was sent and has not arrived. */
  readonly held: readonly string[];
  /** Holds what is sent from now on. */
  hold(): void;
  /** Lets what is held arrive, and what is sent from now on arrive by itself. */
  release(): void;
  /** Lets the next ones arrive. */
  deliver(count?: number): void;
  /** Changes what is held: reorders, drops, repeats. `(held) => held.toReversed()` */
  change(change: (held: readonly string[]) => readonly string[]): void;
  /** From now on nothing arrives, and nobody is told: a half-open socket. */
  cut(): void;
}

/** A flow, and the end at which things are put in. */
export function createFlow(arrive: (text: string) => void): Flow & { send(text: string): void } {
  let held: string[] = [];
  let state: 'open' | 'held' | 'cut' = 'open';

  const deliver = (count = 1) => {
    for (const text of held.splice(0, count)) arrive(text);
  };
  return {
    get held() {
      return held;
    },
    hold() {
      if (state === 'open') state = 'held';
    },
    release() {
      if (state === 'cut') return;
      state = 'open';
      deliver(held.length);
    },
    deliver,
    change(change) {
      held = [...change(held)];
    },
    cut() {
      state = 'cut';
      held = [];
    },
    send(text) {
      if (state === 'cut') return;
      held.push(text);
      // Never at once: the sender of a frame is not called back before it has sent it.
      if (state === 'open') queueMicrotask(() => state === 'open' && deliver());
    },
  };
}
