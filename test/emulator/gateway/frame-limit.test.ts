import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { createFrameLimit } from '../../../emulator/gateway/frame-limit.ts';
import { CONTINUATION, PING, frameOf, headerOf } from './raw-client.ts';

const LIMIT = 32 * 1024;

/** Reads bytes in chunks of this size; the last answer. */
function read(bytes: Buffer, chunkBytes = bytes.length): number | undefined {
  const limit = createFrameLimit(LIMIT);
  let answer: number | undefined;
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    answer = limit.read(bytes.subarray(at, at + chunkBytes));
  }
  return answer;
}

describe('the frame limit', () => {
  test('[DOC e1] lets a frame of 32 KB pass, and not one of a byte more', () => {
    expect(read(frameOf(Buffer.alloc(LIMIT)))).toBeUndefined();
    expect(read(frameOf(Buffer.alloc(LIMIT + 1)))).toBe(0);
  });

  test('trips at the header, before the payload is there', () => {
    const mask = Buffer.alloc(4);
    expect(read(Buffer.concat([headerOf(LIMIT + 1), mask]))).toBe(0);
    expect(read(Buffer.concat([headerOf(2 ** 40), mask]))).toBe(0);
  });

  test('[DOC e1] limits each frame of a message, not their sum', () => {
    const first = frameOf(Buffer.alloc(LIMIT), { fin: false });
    const second = frameOf(Buffer.alloc(LIMIT), { opcode: CONTINUATION });
    expect(read(Buffer.concat([first, second]))).toBeUndefined();
    const large = frameOf(Buffer.alloc(LIMIT + 1), { opcode: CONTINUATION });
    expect(read(Buffer.concat([first, large]))).toBe(0);
  });

  test('counts the messages that ended before', () => {
    const small = frameOf('x');
    const parts = [frameOf('a', { fin: false }), frameOf('b', { opcode: CONTINUATION })];
    const large = frameOf(Buffer.alloc(LIMIT + 1));
    expect(read(Buffer.concat([small, ...parts, frameOf('', { opcode: PING }), large]))).toBe(2);
  });

  test('gives the same answer however the bytes were cut', () => {
    const frame = fc
      .record({
        bytes: fc.constantFrom(0, 1, 125, 126, 127, 40_000, 70_000),
        opcode: fc.constantFrom(0, 1, 2, 8, 9, 10),
        fin: fc.boolean(),
        masked: fc.boolean(),
      })
      .map(({ bytes, ...options }) => frameOf(Buffer.alloc(bytes), options));
    fc.assert(
      fc.property(
        fc.array(frame, { maxLength: 6 }),
        fc.integer({ min: 1, max: 17 }),
        (frames, size) => {
          const bytes = Buffer.concat(frames);
          expect(read(bytes, size)).toBe(read(bytes));
        },
      ),
      { numRuns: 50 },
    );
  });

  test('survives any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void read(Buffer.from(bytes))),
    );
  });
});
