import { onTestFinished } from 'vitest';

import type { ConnectionState } from '../../../client/connection/connection-state.ts';
import type { ServerFrame } from '../../../client/connection/frames.ts';
import type { Line, LineOptions } from '../../../client/connection/line.ts';
import { createOwnLine } from '../../../client/connection/own-line.ts';
import type { Problem } from '../../../client/problem.ts';
import { createManualClock, type ManualClock } from '../../../client/testing/index.ts';
import { createTestServer, type TestServer } from './server.ts';

/** A line with everything that it ever told. */
export interface TestLine {
  readonly line: Line;
  readonly states: readonly ConnectionState['name'][];
  readonly received: ServerFrame[];
  readonly problems: readonly Problem[];
  /** How often it asked to recover. */
  readonly recoveries: number;
  /** How many listen for the page coming to the front. */
  readonly wakers: number;
  /** The page came to the front. */
  readonly wake: () => void;
  /** Resolves when it is in this state. */
  becomes(name: ConnectionState['name']): Promise<void>;
}

export type TestLineOptions = Partial<LineOptions>;

/** Watches a line that `create` makes of options that note everything. */
export function watchLine(
  create: (options: LineOptions) => Line,
  clock: ManualClock,
  server: TestServer,
  options: TestLineOptions = {},
): TestLine {
  const states: ConnectionState['name'][] = [];
  const received: ServerFrame[] = [];
  const problems: Problem[] = [];
  const wakes = new Set<() => void>();
  let recoveries = 0;
  const line = create({
    url: 'wss://chat.example/prod',
    token: () => 'token-1',
    openSocket: server.openSocket,
    clock,
    random: () => 0.5,
    heartbeat: () => undefined,
    receive: (frame) => received.push(frame),
    problem: (problem) => problems.push(problem),
    onWake(wake) {
      wakes.add(wake);
      return () => wakes.delete(wake);
    },
    ...options,
    async recover() {
      recoveries += 1;
      await options.recover?.();
    },
  });
  line.onState(({ name }) => states.push(name));
  onTestFinished(() => line.close());
  return {
    line,
    states,
    received,
    problems,
    get recoveries() {
      return recoveries;
    },
    get wakers() {
      return wakes.size;
    },
    wake() {
      for (const wake of wakes) wake();
    },
    becomes: (name) =>
      new Promise((resolve) => {
        if (line.state.name === name) return resolve();
        const stop = line.onState((state) => {
          if (state.name !== name) return;
          stop();
          resolve();
        });
      }),
  };
}

/** An own line on a server of its own, both on one clock. */
export function startOwnLine(options: TestLineOptions = {}): TestLine & {
  readonly clock: ManualClock;
  readonly server: TestServer;
} {
  const clock = createManualClock();
  const server = createTestServer();
  const watched = watchLine(createOwnLine, clock, server, options);
  return Object.assign(watched, { clock, server });
}
