import { describe, expect, test } from 'vitest';

import {
  hearTyping,
  isWorthSaying,
  nextEnd,
  stillTyping,
  TYPING_MAX_MS,
  TYPING_REPEAT_MS,
  TYPISTS_MAX_COUNT,
  type Typists,
} from '../../../client/rooms/typing.ts';

const NOBODY: Typists = new Map();

describe('who types', () => {
  test('[V2] is shown for as long as the frame says, and no longer than the limit', () => {
    const typists = hearTyping(hearTyping(NOBODY, 'bob', 6_000, 0), 'carol', 1e12, 0);
    expect(nextEnd(typists)).toBe(6_000);
    expect([...stillTyping(typists, 6_000).keys()]).toEqual(['carol']);
    expect(stillTyping(typists, TYPING_MAX_MS)).toEqual(NOBODY);
    expect(nextEnd(NOBODY)).toBeUndefined();
  });

  test('[V2] is forgotten at once when told to have stopped', () => {
    expect(hearTyping(hearTyping(NOBODY, 'bob', 6_000, 0), 'bob', 0, 1)).toEqual(NOBODY);
  });

  test('is the very same when nothing changed', () => {
    const typists = hearTyping(NOBODY, 'bob', 6_000, 0);
    expect(stillTyping(typists, 5_999)).toBe(typists);
    expect(hearTyping(NOBODY, 'bob', 0, 0)).toBe(NOBODY);
  });

  test('is bounded, whatever the server says', () => {
    let typists = NOBODY;
    for (let index = 0; index < 1_000; index += 1) {
      typists = hearTyping(typists, `user${index}`, 6_000, 0);
    }
    expect(typists.size).toBe(TYPISTS_MAX_COUNT);
  });
});

test('[V2] one’s own typing is said at once, repeated while it goes on, and ended once', () => {
  expect(isWorthSaying(undefined, true, 0)).toBe(true);
  expect(isWorthSaying(0, true, TYPING_REPEAT_MS - 1)).toBe(false);
  expect(isWorthSaying(0, true, TYPING_REPEAT_MS)).toBe(true);
  expect(isWorthSaying(0, false, 1)).toBe(true);
  expect(isWorthSaying(undefined, false, 1)).toBe(false);
});
