import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  advance,
  type ConnectionState,
  isStep,
} from '../../../client/connection/connection-state.ts';
import { createWatchedState } from '../../../client/connection/watched-state.ts';

const STATES: readonly ConnectionState[] = [
  { name: 'idle' },
  { name: 'connecting', attempt: 1 },
  { name: 'authenticating' },
  { name: 'recovering' },
  { name: 'online' },
  { name: 'offline', retryAt: 0, reason: 'lost' },
  { name: 'closed' },
  { name: 'failed', code: 'invalid_token', message: 'Invalid authentication token' },
];
const [idle, connecting, authenticating, recovering, online, offline, closed, failed] = STATES as [
  ConnectionState,
  ConnectionState,
  ConnectionState,
  ConnectionState,
  ConnectionState,
  ConnectionState,
  ConnectionState,
  ConnectionState,
];

describe('the states of a connection', () => {
  test('lead from idle to online, and from there back through offline', () => {
    const way = [connecting, authenticating, recovering, online, offline, connecting];
    expect(() => way.reduce(advance, idle)).not.toThrow();
  });

  test('never lead out of closed, nor back to idle', () => {
    expect(STATES.filter((state) => isStep(closed, state))).toEqual([]);
    expect(STATES.filter((state) => isStep(state, idle))).toEqual([]);
  });

  test('lead out of failed only by asking for it', () => {
    const next = STATES.filter((state) => isStep(failed, state));
    expect(next).toEqual([connecting, closed]);
  });

  test('can be closed and can fail wherever they are, unless they are over', () => {
    for (const state of STATES.filter(({ name }) => name !== 'closed')) {
      expect(isStep(state, closed)).toBe(true);
      expect(isStep(state, failed)).toBe(state !== failed);
    }
  });

  test('are never skipped: a step that is not in the table throws', () => {
    expect(() => advance(idle, online)).toThrow('No way from idle to online');
  });

  test('can be reached from afar, from any to any that is not over, by steps of the table', () => {
    const afar = fc.constantFrom(connecting, authenticating, recovering, offline, failed);
    fc.assert(
      fc.property(fc.array(afar), (goals) => {
        const watched = createWatchedState();
        const seen: ConnectionState[] = [];
        watched.on((state) => seen.push(state));
        for (const goal of goals) {
          watched.reach(goal, 0);
          expect(watched.state).toBe(goal);
        }
        for (const [index, state] of seen.entries()) {
          const before = seen[index - 1] ?? idle;
          expect(before.name === state.name || isStep(before, state)).toBe(true);
        }
      }),
    );
  });

  test('are told in order, also when a listener moves them on', () => {
    const watched = createWatchedState();
    const told: string[] = [];
    watched.on(({ name }) => {
      if (name === 'connecting') watched.move(authenticating);
    });
    const stop = watched.on(({ name }) => told.push(name));
    watched.move(connecting);
    stop();
    watched.move(recovering);
    expect(told).toEqual(['authenticating']);
  });
});
