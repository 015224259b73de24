import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { packFrames, toFrame } from '../../../lambdas/core/frames.ts';
import { FRAME_MAX_BYTES, TEXT_MAX_CODE_POINTS } from '../../../protocol/limits.ts';
import { entryAt, entrySaying, erase } from './memory-log.ts';

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
        kind: 'message',
        user: { username: 'ann' },
        room: 'r',
        uuid: 'u7',
        timestamp: 1.234,
        text: 'text 7',
        hash: 'hash 7',
        nonce: 'nonce 7',
        chain: 'chain 7',
      },
      head: 9,
    });
  });

  test.each([
    [{ kind: 'edit', target: 1, text: 'new' }, 'edit_message'],
    [{ kind: 'delete', target: 1 }, 'delete_message'],
    [{ kind: 'reaction', target: 1, emoji: '👍', remove: true }, 'react'],
    [{ kind: 'pin', target: 1, pinned: false }, 'pin'],
  ] as const)('[D1] shows %j as an entry, under the action that caused it', (content, action) => {
    const frame = toFrame(entrySaying(7, content), 7);
    expect(frame).toMatchObject({ action, entry: { seq: 7, ...content } });
    expect(frame).not.toHaveProperty('message');
  });

  test('[X2] shows of a message that was deleted that it was, and no words', () => {
    const erased = erase(entryAt(7, { state: { deleted: 9, edited: 8, edits: [8] } }));
    const { message } = toFrame(erased, 9);
    expect(message).toMatchObject({ kind: 'message', text: '', deleted: 9, hash: 'hash 7' });
    expect(message).not.toHaveProperty('nonce');
    expect(message).not.toHaveProperty('edits');
  });

  test('shows nothing of the log’s own: neither the place in the stream nor when it was numbered', () => {
    const shown = JSON.stringify(toFrame(entryAt(7, { state: { edited: 9, edits: [8, 9] } }), 9));
    for (const own of ['position', 'sequencedAt', 'edits', 'state', 'said']) {
      expect(shown).not.toContain(`"${own}"`);
    }
  });

  test.each(['\u0001', '"', '😀', '好', 'é'])(
    '[M4] of the longest text of %j fits one WebSocket frame',
    (character) => {
      const text = character.repeat(TEXT_MAX_CODE_POINTS);
      const names = { room: 'я'.repeat(128), user: '好'.repeat(64), uuid: '好'.repeat(128) };
      const sealed = { hash: 'x'.repeat(43), chain: 'x'.repeat(43) };
      const said = { content: { kind: 'message' as const, text }, nonce: 'x'.repeat(22) };
      const frame = toFrame(entryAt(1_000_000, { ...names, ...sealed, said }), 1_000_000);
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
