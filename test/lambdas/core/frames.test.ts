import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { packFrames, toFrame } from '../../../lambdas/core/frames.ts';
import { FRAME_MAX_BYTES, TEXT_MAX_CODE_POINTS } from '../../../protocol/limits.ts';
import { entryAt } from './memory-log.ts';

const bytes = (text: string) => Buffer.byteLength(text);

describe('a broadcast', () => {
  test('[D1] shows the entry as a message, its time in seconds, and the head of the room', () => {
    expect(toFrame(entryAt(7, { timestamp: 1_234, n: 5 }), 9)).toEqual({
      uuid: 'u7',
      action: 'new_message',
      status: 'success',
      room: 'r',
      message: {
        id: 'r.7',
        seq: 7,
        n: 5,
        user: { username: 'ann' },
        room: 'r',
        timestamp: 1.234,
        text: 'text 7',
      },
      head: 9,
    });
  });

  test('shows nothing of the log’s own: neither the place in the stream nor when it was numbered', () => {
    const shown = JSON.stringify(toFrame(entryAt(7), 7));
    expect(shown).not.toContain('position');
    expect(shown).not.toContain('sequencedAt');
  });

  test.each(['\u0001', '"', '😀', '好', 'é'])(
    '[M4] of the longest text of %j fits one WebSocket frame',
    (character) => {
      const text = character.repeat(TEXT_MAX_CODE_POINTS);
      const names = { room: 'я'.repeat(128), user: '好'.repeat(64), uuid: '好'.repeat(128) };
      const frame = toFrame(entryAt(1_000_000, { ...names, text }), 1_000_000);
      expect(bytes(JSON.stringify(frame))).toBeLessThan(FRAME_MAX_BYTES);
    },
  );
});

describe('[D3] packing', () => {
  test.each([
    ['nothing of nothing', [], []],
    ['one frame as it is', ['{"a":1}'], ['{"a":1}']],
    ['two as one array', ['{"a":1}', '{"b":2}'], ['[{"a":1},{"b":2}]']],
  ])('makes %s', (_what, frames, packs) => {
    expect(packFrames(frames)).toEqual(packs);
  });

  test('begins a new pack when the next frame does not fit', () => {
    expect(packFrames(['11', '22', '33'], 8)).toEqual(['[11,22]', '33']);
  });

  test('lets one frame alone be longer than a pack', () => {
    const long = '9'.repeat(50);
    expect(packFrames(['1', long, '2'], 20)).toEqual(['1', long, '2']);
  });

  test('counts bytes, not characters', () => {
    expect(packFrames(['"好"', '"好"'], 13)).toEqual(['"好"', '"好"']);
    expect(packFrames(['"好"', '"好"'], 14)).toEqual(['["好","好"]']);
  });

  test('splits no frame, keeps the order, and never makes a pack too long', () => {
    const frame = fc
      .record({ text: fc.string({ maxLength: 40 }), times: fc.constantFrom(1, 10, 100, 1_000) })
      .map(({ text, times }) => JSON.stringify({ text: text.repeat(times) }));
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 40 }), (frames) => {
        const packs = packFrames(frames);
        const unpacked = packs.flatMap((pack) => JSON.parse(pack) as object | object[]);
        expect(unpacked.map((one) => JSON.stringify(one))).toEqual(frames);
        for (const pack of packs) {
          if (pack.startsWith('[')) expect(bytes(pack)).toBeLessThanOrEqual(FRAME_MAX_BYTES);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('never leaves two packs side by side that would have fitted one', () => {
    const frames = Array.from({ length: 100 }, (_, index) => `{"n":${index}}`);
    expect(packFrames(frames)).toHaveLength(1);
    expect(packFrames(frames, 100).length).toBeLessThan(12);
  });
});
