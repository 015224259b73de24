/**
 * A browser with tabs, as far as they share a socket: its locks and its channels. A test puts a tab to
 * sleep (it hears nothing and keeps its lock), wakes it, or lets it die (it does nothing any more, and
 * its lock goes to the next).
 */
import type { TabLocks } from '../../../client/tabs/election.ts';
import type { OpenTabChannel, TabMessage } from '../../../client/tabs/tab-channel.ts';

export interface TestBrowser {
  readonly openTab: () => TestTab;
  /** Names of all channels that were ever opened. */
  readonly channels: ReadonlySet<string>;
}

export interface TestTab {
  readonly locks: TabLocks;
  readonly openChannel: OpenTabChannel;
  readonly sleep: () => void;
  readonly wake: () => void;
  readonly die: () => void;
}

interface Request {
  readonly held: () => Promise<void> | undefined;
  readonly done: () => void;
  readonly fail: (error: Error) => void;
  readonly signal: AbortSignal | undefined;
}

export function createTestBrowser(): TestBrowser {
  const hearers = new Map<string, Set<(message: TabMessage) => void>>();
  const queues = createLocks();
  const channels = new Set<string>();

  return {
    channels,
    openTab() {
      let state: 'awake' | 'asleep' | 'dead' = 'awake';
      const missed: (() => void)[] = [];
      const mine: Request[] = [];
      /** What a tab does when it is awake; asleep it does so later, dead never. */
      const whenAwake = (run: () => void) => {
        if (state === 'awake') run();
        if (state === 'asleep') missed.push(run);
      };
      return {
        locks: {
          request: (name, { signal, steal = false }, held) =>
            new Promise((resolve, reject) => {
              const request: Request = {
                held,
                done: () => whenAwake(() => resolve(undefined)),
                fail: (error) => whenAwake(() => reject(error)),
                signal,
              };
              mine.push(request);
              queues.add(name, request, steal);
            }),
        },
        openChannel(name, hear) {
          channels.add(name);
          const others = hearers.get(name) ?? new Set();
          hearers.set(name, others);
          const heard = (message: TabMessage) => whenAwake(() => hear(message));
          others.add(heard);
          return {
            post(message) {
              // As the platform does: what cannot be cloned throws, and nobody is called at once.
              const copy = structuredClone(message);
              if (state !== 'awake') return;
              for (const other of others) {
                if (other !== heard) queueMicrotask(() => others.has(other) && other(copy));
              }
            },
            close: () => others.delete(heard),
          };
        },
        sleep: () => (state = 'asleep'),
        wake() {
          state = 'awake';
          for (const run of missed.splice(0)) run();
        },
        die() {
          state = 'dead';
          for (const request of mine) queues.drop(request);
        },
      };
    },
  };
}

/** Locks as the platform has them: one holder, a queue, and thieves. */
function createLocks() {
  const queues = new Map<string, Request[]>();
  const holders = new Map<string, Request>();

  const release = (name: string, request: Request) => {
    if (holders.get(name) !== request) return;
    holders.delete(name);
    grant(name);
  };
  const grant = (name: string) => {
    if (holders.has(name)) return;
    const request = queues.get(name)?.shift();
    if (request === undefined) return;
    holders.set(name, request);
    queueMicrotask(() => {
      void Promise.resolve(request.held()).then(() => {
        release(name, request);
        request.done();
      });
    });
  };
  const drop = (request: Request) => {
    for (const [name, queue] of queues) {
      queues.set(
        name,
        queue.filter((one) => one !== request),
      );
      release(name, request);
    }
  };
  return {
    drop,
    add(name: string, request: Request, steal: boolean) {
      const queue = queues.get(name) ?? [];
      queues.set(name, steal ? [request, ...queue] : [...queue, request]);
      request.signal?.addEventListener('abort', () => {
        if (holders.get(name) === request) return;
        drop(request);
        request.fail(new Error('AbortError'));
      });
      const robbed = steal ? holders.get(name) : undefined;
      if (robbed !== undefined) {
        holders.delete(name);
        robbed.fail(new Error('AbortError'));
      }
      grant(name);
    },
  };
}
