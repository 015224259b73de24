import { describe, expect, test } from 'vitest';

import { toWire } from '../../../lambdas/core/entry.ts';
import { replyRoom } from '../../../lambdas/core/page.ts';
import {
  META_MAX_BYTES,
  REACTIONS_MAX_COUNT,
  REPLY_MAX_BYTES,
  TEXT_MAX_CODE_POINTS,
} from '../../../protocol/limits.ts';
import { entryAt, entrySaying } from './memory-log.ts';

const bytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value));
const page = (count: number, text = 'hi') =>
  Array.from({ length: count }, (_, index) =>
    toWire(entrySaying(index + 1, { kind: 'message', text })),
  );
const longest = (count: number) => page(count, '😀'.repeat(TEXT_MAX_CODE_POINTS));

describe('[R4] the room in a reply', () => {
  test('takes a whole page of usual entries', () => {
    const entries = page(100);
    expect(replyRoom().take(entries)).toEqual(entries);
  });

  test('takes the first of the longest ones, as they are, and none of the rest', () => {
    const entries = longest(20);
    const taken = replyRoom().take(entries);
    expect(taken).toEqual(entries.slice(0, taken.length));
    expect(taken.length).toBeGreaterThanOrEqual(5);
    expect(bytes(taken)).toBeLessThan(REPLY_MAX_BYTES);
    expect(bytes(entries.slice(0, taken.length + 1))).toBeGreaterThan(REPLY_MAX_BYTES - 4_096);
  });

  test('counts bytes, not characters', () => {
    const latin = replyRoom().take(page(20, 'a'.repeat(TEXT_MAX_CODE_POINTS)));
    const chinese = replyRoom().take(page(20, '好'.repeat(TEXT_MAX_CODE_POINTS)));
    expect(chinese.length).toBeLessThan(latin.length);
    expect(bytes(chinese)).toBeLessThan(REPLY_MAX_BYTES);
  });

  test('skips none that does not fit: what follows would hide the hole', () => {
    const [long] = page(1, 'x'.repeat(REPLY_MAX_BYTES));
    const [first, , third] = page(3);
    if (!long || !first || !third) throw new Error('no entries');
    expect(replyRoom().take([first, long, third])).toEqual([first]);
  });

  test('[S1] is one for all rooms of a reply', () => {
    const space = replyRoom();
    const taken = Array.from({ length: 10 }, () => space.take(longest(2)));
    expect(bytes(taken)).toBeLessThan(REPLY_MAX_BYTES);
    expect(taken[0]).toHaveLength(2);
    expect(taken.at(-1)).toEqual([]);
  });

  test('[S1] is less by what stands beside the entries', () => {
    expect(replyRoom(100 * 1_024).take(longest(10)).length).toBeLessThan(
      replyRoom().take(longest(10)).length,
    );
    expect(replyRoom(REPLY_MAX_BYTES).take(page(1))).toEqual([]);
  });

  test('takes nothing of nothing', () => {
    expect(replyRoom().take([])).toEqual([]);
  });

  // Otherwise its page is empty and says `more`, and a reader never gets past it.
  test('[H1] holds any one entry, with all that can be made of it', () => {
    const name = '好'.repeat(64);
    // Standing in for the longest emoji there are, such as a kiss of two skin tones: 35 bytes.
    const emoji = (index: number) => String(index).padStart(35, '0');
    const reactions = Object.fromEntries(
      Array.from({ length: REACTIONS_MAX_COUNT }, (_, index) => [emoji(index), [name]]),
    );
    const content = {
      kind: 'message',
      text: '\u0001'.repeat(TEXT_MAX_CODE_POINTS),
      mentions: Array.from({ length: 20 }, () => name),
      meta: 'x'.repeat(META_MAX_BYTES - 2),
    } as const;
    const largest = toWire(
      entryAt(1, {
        said: { content: { ...content, mentions: [...content.mentions] }, nonce: 'n' },
        state: { reactions },
      }),
    );
    expect(replyRoom().take([largest])).toHaveLength(1);
  });
});
