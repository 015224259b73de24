import { describe, expect, test } from 'vitest';

import { EVENT_MAX_BYTES } from '../../../lambdas/core/aws/lambda.ts';
import type { Recipient } from '../../../lambdas/core/recipients.ts';
import {
  beginOf,
  countPosts,
  newestThatFit,
  postsEach,
  SHARE_CONNECTIONS,
  sharesOf,
} from '../../../lambdas/core/shares.ts';
import { USERNAME_MAX_LENGTH } from '../../../protocol/names.ts';

const recipients = (count: number, features: Recipient['features'] = ['batch']) =>
  Array.from({ length: count }, (_, index): Recipient => ({
    connection: `connection-${index}=`,
    user: '本'.repeat(USERNAME_MAX_LENGTH),
    features,
  }));

/** A frame of so many bytes, and a comma. */
const frame = (bytes: number) => ({ text: 'x'.repeat(bytes - '{"text":""},'.length) });

describe('the frames of a job', () => {
  test.each([
    ['all, when they fit', [20, 20, 30], 70, [20, 20, 30]],
    ['the newest, when not', [20, 30, 40], 70, [30, 40]],
    ['the newest, though an older one is small', [20, 60, 30], 80, [30]],
    ['one, however long', [20, 90], 50, [90]],
    ['none, when there are none', [], 50, []],
  ])('are %s', (_what, sizes, maxBytes, left) => {
    expect(newestThatFit(sizes.map(frame), maxBytes)).toEqual(left.map(frame));
  });

  test('and the people of one share are within what Lambda takes, at their longest', () => {
    const frames = newestThatFit(Array.from({ length: 300 }, () => frame(1_000)));
    const [share] = sharesOf(recipients(10_000), () => 1);
    const event = { recipients: share?.recipients ?? [], frames };
    const { length } = Buffer.from(JSON.stringify(event));
    expect(length).toBeGreaterThan(150 * 1_024);
    expect(length).toBeLessThan(EVENT_MAX_BYTES);
  });
});

describe('the shares of a job', () => {
  test('have everybody once', () => {
    const everybody = recipients(1_700);
    const shares = sharesOf(everybody, () => 2);
    expect(shares.flatMap((share) => share.recipients)).toEqual(everybody);
    expect(shares.map(({ before }) => before)).toEqual([0, 1_000, 2_000, 3_000]);
    expect(sharesOf([], () => 1)).toEqual([]);
  });

  const promised = { beganAt: 1_000, charged: 1_000, postsPerSecond: 500 };
  test.each([
    ['at once', 0, 5_000, 1_000],
    ['as the posts before it fit the budget', 500, 5_000, 2_000],
    ['when others have had what was promised to them', 1_000, 5_000, 5_000],
    ['behind those that had to wait as well', 1_500, 5_000, 6_000],
    ['not before the job', 1_000, 0, 1_000],
    ['never, when there is no budget for it', 1_000, undefined, undefined],
  ])('begin %s', (_when, before, restAt, at) => {
    expect(beginOf({ recipients: [], before }, { ...promised, restAt })).toBe(at);
  });

  // The very decisions of the job, at a size that no laptop has sockets for.
  test('of 100,000 people make no second of more posts than the budget and one share', () => {
    const all = { ...promised, charged: 100_000, restAt: undefined, postsPerSecond: 8_000 };
    const starts = sharesOf(recipients(100_000), () => 1).map((share) => beginOf(share, all) ?? 0);
    expect(starts).toHaveLength(200);
    for (const from of starts) {
      const within = starts.filter((start) => start >= from && start < from + 1_000);
      expect(within.length * SHARE_CONNECTIONS).toBeLessThanOrEqual(8_000 + SHARE_CONNECTIONS);
    }
    expect(starts.at(-1)).toBeLessThan(1_000 + 12_500);
  });
});

test('[D3] somebody who takes batches costs a post a frame, others one for each entry', () => {
  const frames = [frame(20_000), frame(10_000), frame(10_000)];
  expect(countPosts(recipients(1), postsEach(frames))).toBe(2);
  expect(countPosts(recipients(1, []), postsEach(frames))).toBe(3);
});
