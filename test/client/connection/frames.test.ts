import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { isBroadcast, isReply, readFrames } from '../../../client/connection/frames.ts';
import { broadcastOf } from '../support/entry.ts';

const PRESENCE = {
  uuid: null,
  action: 'presence',
  status: 'success',
  room: 'lobby',
  people: [{ user: 'bob', online: 1 }],
};

describe('reading what came in', () => {
  test('[D3] unpacks what came as an array, in order', () => {
    const text = JSON.stringify([broadcastOf(1, 'bob', '1'), broadcastOf(2, 'bob', '2')]);
    const { frames, bad } = readFrames(text);
    expect(frames.map((frame) => isBroadcast(frame) && frame.head)).toEqual([1, 2]);
    expect(bad).toBe(0);
  });

  test('tells broadcasts and replies from what only goes on in a room', () => {
    const [presence] = readFrames(JSON.stringify(PRESENCE)).frames;
    expect(presence && isReply(presence)).toBe(false);
    const [broadcast] = readFrames(JSON.stringify(broadcastOf(1, 'bob', '1'))).frames;
    expect(broadcast && isReply(broadcast)).toBe(true);
  });

  test('[E10] knows the gateway’s own error frame, which answers nobody', () => {
    const text = '{"message": "Internal server error", "connectionId": "a=", "requestId": "b="}';
    expect(readFrames(text)).toEqual({ frames: [], bad: 0, failed: true });
  });

  test('lets pass in silence what only a newer server says', () => {
    const text = JSON.stringify({ uuid: null, action: 'poll', status: 'success', room: 'lobby' });
    expect(readFrames(text)).toEqual({ frames: [], bad: 0, failed: false });
  });

  test.each([
    ['no JSON', '{'],
    ['no object', '"hello"'],
    [
      'a broadcast without its numbers',
      JSON.stringify({ ...broadcastOf(1, 'bob', '1'), head: -1 }),
    ],
    ['a number that JSON reads as infinite', JSON.stringify(PRESENCE).replace('1}', '1e999}')],
    ['an error without a code', '{"uuid":"1","action":"sync","status":"error"}'],
    ['a text beyond what a gateway carries', `"${'x'.repeat(300_000)}"`],
    ['a status of no protocol', '{"uuid":"1","action":"sync","status":"maybe"}'],
  ])('drops and counts %s', (_what, text) => {
    expect(readFrames(text)).toEqual({ frames: [], bad: 1, failed: false });
  });

  test('never throws, whatever it is given', () => {
    fc.assert(fc.property(fc.string(), (text) => readFrames(text).frames.length === 0));
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(readFrames(text).frames).toEqual([]);
      }),
    );
  });
});
