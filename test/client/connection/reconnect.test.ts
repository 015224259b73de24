import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { seeded } from '../../../bench/drops/profile.ts';
import { percentile } from '../../../bench/drops/table.ts';
import {
  allowedAt,
  ATTEMPTS_MAX_COUNT,
  ATTEMPTS_WINDOW_MS,
  begin,
  fail,
  hope,
  NO_ATTEMPTS,
  retryAt,
  STABLE_MS,
  WAIT_MAX_MS,
} from '../../../client/connection/reconnect.ts';

const NOW = 1_800_000_000_000;
const latest = () => 0.999_999;

describe('reconnect', () => {
  test('waits no longer than it has waited, at least a second and never longer than the cap', () => {
    let attempts = NO_ATTEMPTS;
    const waits = Array.from({ length: 9 }, () => {
      attempts = fail(attempts, 0, latest);
      return retryAt(attempts, NOW) - NOW + 1;
    });
    const doubling = [1_000, 1_000, 1_998, 3_995, 7_989, 15_977];
    expect(waits).toEqual([...doubling, WAIT_MAX_MS, WAIT_MAX_MS, WAIT_MAX_MS]);
  });

  test('waits any part of that, down to nothing', () => {
    const waited = { ...NO_ATTEMPTS, waitedMs: 8_000 };
    expect(fail(waited, 0, () => 0).waitMs).toBe(0);
    expect(fail(waited, 0, () => 0.25)).toMatchObject({ waitMs: 2_000, waitedMs: 10_000 });
  });

  test('begins anew only when a connection lasted', () => {
    const waited = { ...NO_ATTEMPTS, failures: 3, waitedMs: 8_000 };
    expect(fail(waited, STABLE_MS - 1, latest)).toMatchObject({ failures: 4, waitMs: 7_999 });
    expect(fail(waited, STABLE_MS, latest)).toMatchObject({ failures: 1, waitMs: 999 });
  });

  test('waits short again when there is reason to hope', () => {
    const waited = { ...NO_ATTEMPTS, failures: 3, waitedMs: 600_000 };
    expect(fail(hope(waited), 0, latest)).toMatchObject({ failures: 4, waitMs: 999 });
  });

  test('makes a dozen attempts or two in the first minute of an outage', () => {
    const random = seeded(1);
    const counts = Array.from({ length: 1_000 }, () => attemptsWithin(60_000, random));
    expect(percentile(counts, 0.5)).toBeLessThanOrEqual(14);
    expect(percentile(counts, 0.99)).toBeLessThanOrEqual(24);
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
          attempts = fail(begin(attempts, now), 0, latest);
        }
        for (const [index, time] of times.entries()) {
          const before = times[index - ATTEMPTS_MAX_COUNT] ?? -Infinity;
          expect(time - before).toBeGreaterThanOrEqual(ATTEMPTS_WINDOW_MS);
        }
      }),
    );
  });

  test('is always back within the cap or the window, also when the clock was set back', () => {
    const past = fc.array(fc.integer({ min: -1e9, max: 1e9 }), { maxLength: 40 });
    fc.assert(
      fc.property(past, fc.nat(1e9), (times, waitedMs) => {
        const begun = times.reduce((known, time) => begin(known, NOW + time), NO_ATTEMPTS);
        const wait = retryAt(fail({ ...begun, waitedMs }, 0, latest), NOW) - NOW;
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(Math.max(WAIT_MAX_MS, ATTEMPTS_WINDOW_MS));
      }),
    );
  });
});

/** How often somebody tries in so many milliseconds, in which nothing comes of it. */
function attemptsWithin(outageMs: number, random: () => number): number {
  let attempts = NO_ATTEMPTS;
  let count = 0;
  let now = NOW;
  for (;;) {
    attempts = fail(attempts, 0, random);
    now = retryAt(attempts, now);
    if (now >= NOW + outageMs) return count;
    count += 1;
    attempts = begin(attempts, now);
  }
}
