/**
 * Something a person asks the server for, from a button or a form: while it is under way, and what came
 * of it, so that an error is told where it happened.
 */
import { useRef, useState } from 'preact/hooks';

import type { Outcome } from '../../client/index.ts';

export type Refusal = Outcome & { readonly ok: false };

export interface Action {
  readonly busy: boolean;
  /** Why the last one failed. */
  readonly refusal: Refusal | undefined;
  /** Asks, one at a time; answers whether it went well. */
  run(ask: () => Promise<Outcome>): Promise<boolean>;
  /** Forgets why the last one failed. */
  clear(): void;
}

export function useAction(): Action {
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const under = useRef(false);
  return {
    busy,
    refusal,
    async run(ask) {
      if (under.current) return false;
      under.current = true;
      setBusy(true);
      setRefusal(undefined);
      const outcome = await ask();
      under.current = false;
      setBusy(false);
      if (!outcome.ok) setRefusal(outcome);
      return outcome.ok;
    },
    clear: () => setRefusal(undefined),
  };
}
