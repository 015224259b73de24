import { randomBytes } from 'node:crypto';

import { describe, expect, test } from 'vitest';

import { createIds, isConnectionId } from '../../../emulator/gateway/ids.ts';

const bytesOf = (id: string) => Buffer.from(id, 'base64url');

describe('ids', () => {
  let now = Date.UTC(2026, 0, 1);
  const ids = createIds(() => now, randomBytes);

  test('[REC a7] are 16 characters of base64url with one pad', () => {
    for (let count = 0; count < 1000; count += 1) {
      const connection = ids.connection();
      for (const id of [connection, ids.request(), ids.message(connection)]) {
        expect(id).toMatch(/^[\w-]{15}=$/);
        expect(bytesOf(id)).toHaveLength(11);
      }
    }
  });

  test('[INF a] tell their kind in byte 8', () => {
    const connection = ids.connection();
    expect(bytesOf(connection)[8]).toBe(0x02);
    expect(bytesOf(ids.message(connection))[8]).toBe(0x02);
    expect(bytesOf(ids.request())[8]).toBe(0x05);
  });

  test("[INF a] end, for a message, with its connection's last three bytes", () => {
    const connection = ids.connection();
    const message = ids.message(connection);
    expect(bytesOf(message).subarray(8)).toEqual(bytesOf(connection).subarray(8));
    expect(message).not.toBe(connection);
  });

  test('[REC a7] count the 25 ms ticks of the recordings in bytes 0-3', () => {
    const recorded = [
      { id: 'BFHPhFe3IAMF95g=', at: 1_731_324_924_561 },
      { id: 'BFaVtH2HoAMFZEQ=', at: 1_731_332_746_514 },
      { id: 'BFbOeE87IAMF31w=', at: 1_731_333_109_875 },
    ];
    for (const { id, at } of recorded) {
      const ours = createIds(() => at, randomBytes).request();
      const ticksApart = bytesOf(ours).readUInt32BE() - bytesOf(id).readUInt32BE();
      expect(Math.abs(ticksApart)).toBeLessThanOrEqual(4);
    }
  });

  test('grow with time', () => {
    const earlier = bytesOf(ids.request()).readUInt32BE();
    now += 1000;
    expect(bytesOf(ids.request()).readUInt32BE()).toBe(earlier + 40);
  });
});

describe('isConnectionId', () => {
  test.for(['XDmENcnwIE0CFEQ=', 'BFaT_fALIAMCKug=', 'BFHPhfCWIAMCKlQ='])(
    '[REC a7] knows the recorded id %s',
    (id) => expect(isConnectionId(id)).toBe(true),
  );

  test.for([
    '',
    'nonsense',
    'XDmENcnwIE0CFEQ',
    'XDmENcnwIE0CFEQ==',
    '../../../../../=',
    'XDmENcnwIE0CFE/=',
  ])('refuses %j', (text) => expect(isConnectionId(text)).toBe(false));
});
