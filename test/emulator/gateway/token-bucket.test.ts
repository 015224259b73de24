import { expect, test } from 'vitest';

import { manualClock } from '../../../emulator/clock.ts';
import { createTokenBucket } from '../../../emulator/gateway/token-bucket.ts';

test('[DOC e6] gives its burst at once, then its rate', () => {
  const clock = manualClock();
  const bucket = createTokenBucket(clock, 10, 3);
  const takeAll = (tries: number) => Array.from({ length: tries }, () => bucket.take());
  expect(takeAll(4)).toEqual([true, true, true, false]);
  clock.advance(100);
  expect(takeAll(2)).toEqual([true, false]);
  clock.advance(60_000);
  expect(takeAll(4)).toEqual([true, true, true, false]);
});

test('never ends when its rate is infinite', () => {
  const bucket = createTokenBucket(manualClock(), Number.POSITIVE_INFINITY, 1);
  expect([bucket.take(), bucket.take()]).toEqual([true, true]);
});
