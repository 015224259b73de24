import { describe, expect, test } from 'vitest';

import { rateLimit, retryAfterSeconds } from '../../../lambdas/core/rate.ts';

describe('[M10] a rate limit', () => {
  test.each([
    [20, 200, { intervalMs: 50, toleranceMs: 9_950 }],
    [1, 1, { intervalMs: 1_000, toleranceMs: 0 }],
    [0.5, 2, { intervalMs: 2_000, toleranceMs: 2_000 }],
    [1_000, 0.5, { intervalMs: 1, toleranceMs: 0 }],
  ])('of %d a second and a burst of %d', (perSecond, burst, expected) => {
    expect(rateLimit(perSecond, burst)).toEqual(expected);
  });

  test('lets its burst through at once, then one an interval', () => {
    const limit = rateLimit(10, 3);
    let tat = 0;
    const passes = (now: number) => {
      if (tat > now + limit.toleranceMs) return false;
      tat = Math.max(tat, now) + limit.intervalMs;
      return true;
    };
    const at = (now: number) => [1, 2, 3, 4].map(() => passes(now));
    expect(at(1_000)).toEqual([true, true, true, false]);
    expect(at(1_099)).toEqual([false, false, false, false]);
    expect(at(1_100)).toEqual([true, false, false, false]);
    expect(at(9_000)).toEqual([true, true, true, false]);
  });

  test('says after how many seconds the next message passes, never none', () => {
    const limit = rateLimit(10, 3);
    expect(retryAfterSeconds(limit, 1_300, 1_000)).toBe(0.1);
    expect(retryAfterSeconds(limit, 1_250.5, 1_000)).toBe(0.051);
    // The clock has moved on since the row was read: a moment later it passes.
    expect(retryAfterSeconds(limit, 1_000, 1_000)).toBe(0.001);
    expect(retryAfterSeconds(limit, 0, 1_000)).toBe(0.001);
  });
});
