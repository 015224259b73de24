import { expect, test } from 'vitest';

import { holdMs, PACE_FROM_POSTS } from '../../../lambdas/core/pace.ts';

const busy = { beganAt: 1_000, previousEndedAt: 990, posts: PACE_FROM_POSTS, now: 1_040 };

test.each([
  ['a busy room with many people is held to the pace', busy, 280],
  ['a sandbox’s first batch is not held', { ...busy, previousEndedAt: undefined }, 0],
  ['the first words after a silence are not held', { ...busy, previousEndedAt: 600 }, 0],
  ['a room with few people is not held', { ...busy, posts: PACE_FROM_POSTS - 1 }, 0],
  ['a batch that took long is not held', { ...busy, now: 1_321 }, 0],
])('%s', (_title, batch, expected) => {
  expect(holdMs(batch)).toBe(expected);
});
