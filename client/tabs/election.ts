/**
 * Who leads: the tab that holds the lock. A tab that dies loses it, and the next in line has it at once.
 * A tab that sleeps keeps it, and can only be robbed of it; it is told when it wakes.
 */

/** What is needed of the browser's `navigator.locks`. */
export interface TabLocks {
  request(
    name: string,
    options: { readonly signal?: AbortSignal; readonly steal?: boolean },
    held: () => Promise<void> | undefined,
  ): Promise<unknown>;
}

export interface ElectionOptions {
  readonly locks: TabLocks;
  readonly name: string;
  /** This tab leads from now on. */
  readonly lead: () => void;
  /** And now no more: another has taken over. */
  readonly resign: () => void;
}

export interface Election {
  /** Takes over from a leader that does not answer. */
  steal(): void;
  close(): void;
}

export function stand({ locks, name, lead, resign }: ElectionOptions): Election {
  let queued = new AbortController();
  let release = () => {};
  let leading = false;
  let closed = false;

  const held = () => {
    if (closed) return undefined;
    leading = true;
    lead();
    return new Promise<void>((resolve) => (release = resolve));
  };
  const request = async (options: { signal: AbortSignal } | { steal: true }) => {
    const { signal } = queued;
    try {
      await locks.request(name, options, held);
    } catch {
      if (closed || (signal.aborted && !leading)) return;
      // Without a lock to be had, everybody leads, for himself.
      if (!leading) return lead();
      leading = false;
      resign();
      queue();
    }
  };
  const queue = () => {
    queued = new AbortController();
    void request({ signal: queued.signal });
  };
  queue();
  return {
    steal() {
      if (leading || closed) return;
      queued.abort();
      void request({ steal: true });
    },
    close() {
      closed = true;
      queued.abort();
      release();
    },
  };
}
