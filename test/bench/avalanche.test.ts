import { describe, expect, test } from 'vitest';

import { avalanche } from '../../bench/avalanche/avalanche.ts';
import { percentile } from '../../bench/drops/table.ts';
import { seeded } from '../../bench/drops/profile.ts';
import {
  ATTEMPTS_MAX_COUNT,
  ATTEMPTS_WINDOW_MS,
  WAIT_MAX_MS,
} from '../../client/connection/reconnect.ts';

/*
 * Goal: when everybody is cut off at once, all come back about as fast as the gateway lets them, and
 * nobody hammers. Method: the code of `npm run bench:avalanche` with fewer clients, in virtual time.
 */
const CLIENTS = 10_000;
const RATE = 500;
const SECONDS = CLIENTS / RATE;

describe.each([0, 30_000])('10,000 clients cut off at once, %d ms of outage', (outageMs) => {
  const { backMs, attempts, accepted } = avalanche({
    clients: CLIENTS,
    rate: RATE,
    burst: RATE,
    outageMs,
    random: seeded(7),
  });

  test('are let in no faster than the gateway allows, in any stretch of time', () => {
    let sum = 0;
    for (const [index, time] of backMs.entries()) {
      sum += 1;
      const before = backMs[index - RATE * 2] ?? -Infinity;
      // The burst and what a second brings: one more than these never fit into one second.
      expect(time - before).toBeGreaterThanOrEqual(999);
    }
    expect(sum).toBe(CLIENTS);
    expect(Math.max(...accepted)).toBeLessThanOrEqual(RATE * 2);
  });

  test('are all back within one longest wait of the time that the gateway needs', () => {
    const last = (backMs.at(-1) ?? Infinity) - outageMs;
    expect(last).toBeLessThanOrEqual(SECONDS * 1_000 + WAIT_MAX_MS + 1_000);
  });

  test('make no more attempts than the ceiling on each allows', () => {
    const windows = Math.ceil((backMs.at(-1) ?? 0) / ATTEMPTS_WINDOW_MS);
    expect(Math.max(...attempts)).toBeLessThanOrEqual(windows * ATTEMPTS_MAX_COUNT);
    expect(percentile(attempts, 0.5)).toBeLessThanOrEqual(ATTEMPTS_MAX_COUNT);
  });
});
