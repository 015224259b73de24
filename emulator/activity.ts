/**
 * What is under way in a cloud: every frame being handled, invocation, post and stream batch opens a
 * piece of work and closes it. Tests wait for quiet here instead of sleeping.
 */
export interface Activity {
  /** Opens a piece of work; the answer closes it (a second call changes nothing). */
  begin(): () => void;
  /** Resolves when nothing has been open for two turns of the event loop. */
  quiet(): Promise<void>;
}

export function createActivity(): Activity {
  let open = 0;
  let waiting: (() => void)[] = [];
  const end = () => {
    open -= 1;
    if (open > 0) return;
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  };
  return {
    begin() {
      open += 1;
      let closed = false;
      return () => {
        if (closed) return;
        closed = true;
        end();
      };
    },
    async quiet() {
      for (let idleTurns = 0; idleTurns < 2;) {
        if (open > 0) {
          idleTurns = 0;
          await new Promise<void>((resolve) => waiting.push(resolve));
        } else {
          idleTurns += 1;
          await new Promise((resolve) => setImmediate(resolve));
        }
      }
    },
  };
}
