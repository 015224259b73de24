import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  allowedAt,
  ATTEMPTS_MAX_COUNT,
  ATTEMPTS_WINDOW_MS,
  begin,
  fail,
  FIRST_WAIT_MS,
  NO_ATTEMPTS,
  retryAt,
  STABLE_MS,
  WAIT_MAX_MS,
} from '../../../client/connection/reconnect.ts';

const NOW = 1_800_000_000_000;
const latest = () => 0.999_999;

describe('reconnect', () => {
  test('waits up to twice as long after each failure, and never longer than the cap', () => {
    let attempts = NO_ATTEMPTS;
    const waits = Array.from({ length: 8 }, () => {
      attempts = fail(attempts, 0);
      return retryAt(attempts, NOW, latest) - NOW + 1;
    });
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  });

  test('waits any part of that, down to nothing', () => {
    const attempts = fail(fail(NO_ATTEMPTS, 0), 0);
    expect(retryAt(attempts, NOW, () => 0)).toBe(NOW);
    expect(retryAt(attempts, NOW, () => 0.25)).toBe(NOW + FIRST_WAIT_MS / 2);
  });

  test('forgets failures only when a connection lasted', () => {
    const failed = fail(fail(fail(NO_ATTEMPTS, 0), 0), STABLE_MS - 1);
    expect(failed.failures).toBe(3);
    expect(fail(failed, STABLE_MS).failures).toBe(1);
  });

  test('makes no more attempts in any window than the ceiling, however often it is asked', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 200 }), (pauses) => {
        let attempts = NO_ATTEMPTS;
        let now = NOW;
        const times: number[] = [];
        for (const pause of pauses) {
          now = Math.max(now + pause, allowedAt(attempts, now + pause));
          times.push(now);
          attempts = fail(begin(attempts, now), 0);
        }
        for (const [index, time] of times.entries()) {
          const before = times[index - ATTEMPTS_MAX_COUNT] ?? -Infinity;
          expect(time - before).toBeGreaterThanOrEqual(ATTEMPTS_WINDOW_MS);
        }
      }),
    );
  });

  test('is always back within the cap or the window, also when the clock was set back', () => {
    const past = fc.array(fc.integer({ min: -1e9, max: 1e9 }), { maxLength: 15 });
    fc.assert(
      fc.property(past, fc.nat(60), (times, failures) => {
        const begun = times.reduce((known, time) => begin(known, NOW + time), NO_ATTEMPTS);
        const wait = retryAt({ ...begun, failures: failures + 1 }, NOW, latest) - NOW;
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(Math.max(WAIT_MAX_MS, ATTEMPTS_WINDOW_MS));
      }),
    );
  });
});
