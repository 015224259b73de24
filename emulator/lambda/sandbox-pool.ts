import type { Sandbox } from './sandbox.ts';

/**
 * The sandboxes of one function. An invocation takes the idle one used last; when all are busy another
 * is started, as on AWS. Only a few start at the same time, since they share this machine's cores:
 * whoever waits takes the first that is ready or free again.
 */
export interface SandboxPool {
  /**
   * A sandbox for one invocation; `cold` when it was started for want of one and never used. Its init
   * may have failed. Undefined when the pool is closed.
   */
  take(): Promise<{ readonly sandbox: Sandbox; readonly cold: boolean } | undefined>;
  /** Gives it back; one that is no longer alive is forgotten. */
  release(sandbox: Sandbox): void;
  /** Ends those that are idle, so that the next invocation starts cold. */
  retireIdle(): void;
  /** As `retireIdle`; those at work end when they are done, and those that start take nothing. */
  retire(): void;
  /** Has one ready, if none is idle. */
  warm(): Promise<void>;
  close(): Promise<void>;
}

/** Idle sandboxes that are kept; the one idle for longest goes first. */
export const idleLimit = 8;

export function createSandboxPool(options: {
  readonly start: () => Promise<Sandbox>;
  /** Sandboxes that start at the same time. */
  readonly startingLimit: number;
}): SandboxPool {
  const all = new Set<Sandbox>();
  /** Those that began to start since the last `retire`. */
  let current = new WeakSet<Sandbox>();
  const unused = new Set<Sandbox>();
  const waiting: ((sandbox: Sandbox | undefined) => void)[] = [];
  let starting = 0;
  let closed = false;

  const startOne = async () => {
    starting += 1;
    const peers = current;
    const sandbox = await options.start();
    all.add(sandbox);
    peers.add(sandbox);
    if (closed) await sandbox.terminate();
    await sandbox.ready;
    starting -= 1;
    return sandbox;
  };
  const startForWaiting = () => {
    while (starting < Math.min(waiting.length, options.startingLimit)) {
      void startOne().then((sandbox) => {
        unused.add(sandbox);
        release(sandbox);
      });
    }
  };
  const release = (sandbox: Sandbox) => {
    // One whose init failed goes to a waiting invocation too, which then tells why.
    const usable = current.has(sandbox) && (sandbox.alive() || unused.has(sandbox));
    const next = usable ? waiting.shift() : undefined;
    if (next !== undefined) next(sandbox);
    else if (usable && sandbox.alive()) idle.add(sandbox);
    else end(sandbox);
    startForWaiting();
  };
  const end = (sandbox: Sandbox) => {
    all.delete(sandbox);
    unused.delete(sandbox);
    void sandbox.terminate();
  };
  const idle = createIdle(end);
  const wait = () =>
    new Promise<Sandbox | undefined>((resolve) => {
      waiting.push(resolve);
      startForWaiting();
    });

  return {
    async take() {
      const sandbox = closed ? undefined : (idle.take() ?? (await wait()));
      return sandbox && { sandbox, cold: unused.delete(sandbox) };
    },
    release,
    retireIdle: () => idle.end(),
    retire() {
      current = new WeakSet();
      idle.end();
    },
    async warm() {
      if (idle.empty() && !closed) release(await startOne());
    },
    async close() {
      closed = true;
      for (const resolve of waiting.splice(0)) resolve(undefined);
      await Promise.all([...all].map((sandbox) => sandbox.terminate()));
    },
  };
}

/** Sandboxes that wait for work. */
function createIdle(end: (sandbox: Sandbox) => void) {
  /** The one used last at the end. */
  const idle: Sandbox[] = [];
  return {
    empty: () => idle.length === 0,
    take: () => idle.pop(),
    add(sandbox: Sandbox) {
      idle.push(sandbox);
      for (const longest of idle.splice(0, idle.length - idleLimit)) end(longest);
    },
    end() {
      for (const sandbox of idle.splice(0)) end(sandbox);
    },
  };
}
