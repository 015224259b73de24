import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { ERROR_MESSAGES } from '../../../protocol/errors.ts';
import {
  accept,
  add,
  doubt,
  fail,
  isRetryable,
  type Outbox,
  remove,
  retry,
  sendable,
} from '../../../client/sending/outbox.ts';

/*
 * Goal: whatever happens in whichever order, a room sends one message at a time, in the order in which they
 * were written, and nothing leaves the outbox but by being shown or discarded.
 */

const ROOMS = ['lobby', 'engineering'];

const message = (place: number, room = 'lobby') => ({
  user: 'alice',
  room,
  uuid: `m${place}`,
  place,
  text: `text ${place}`,
  time: place,
});

const outboxOf = (...places: readonly number[]): Outbox =>
  add(
    [],
    places.map((place) => message(place)),
  );
const NOTHING: ReadonlySet<string> = new Set();
const uuids = (outbox: Outbox) => outbox.map(({ uuid }) => uuid);

describe('an outbox', () => {
  test('is in the order of writing, whatever the order of adding', () => {
    expect(uuids(outboxOf(3, 1, 2))).toEqual(['m1', 'm2', 'm3']);
  });

  test('has a message once, and keeps what is known of it', () => {
    const accepted = accept(outboxOf(1), 'm1');
    expect(add(accepted, [message(1)])).toEqual(accepted);
  });

  test('sends the first of each room, and the next when it was accepted', () => {
    const outbox = add([], [message(1), message(2), message(3, 'engineering')]);
    expect(uuids(sendable(outbox, NOTHING))).toEqual(['m1', 'm3']);
    expect(uuids(sendable(outbox, new Set(['m1'])))).toEqual(['m3']);
    expect(uuids(sendable(accept(outbox, 'm1'), NOTHING))).toEqual(['m2', 'm3']);
  });

  test('goes on behind one that failed, which goes last when it is tried again', () => {
    const failed = fail(outboxOf(1, 2), 'm1', 'empty_text');
    expect(uuids(sendable(failed, NOTHING))).toEqual(['m2']);
    const again = retry(failed, 'm1', 3);
    expect(uuids(again)).toEqual(['m2', 'm1']);
    expect(again[1]).not.toHaveProperty('failed');
  });

  test('tries nothing again that has not failed', () => {
    const outbox = accept(outboxOf(1, 2), 'm1');
    expect(retry(outbox, 'm1', 3)).toEqual(outbox);
  });

  test('sends once more what was accepted in a room whose log was read anew', () => {
    const outbox = accept(accept(add([], [message(1), message(2, 'engineering')]), 'm1'), 'm2');
    expect(uuids(sendable(doubt(outbox, 'lobby'), NOTHING))).toEqual(['m1']);
    expect(doubt(outbox, 'nowhere')).toBe(outbox);
  });

  test('is the very same when there is nothing to remove', () => {
    const outbox = outboxOf(1);
    expect(remove(outbox, 'm9')).toBe(outbox);
    expect(remove(outbox, 'm1')).toEqual([]);
  });

  test('takes for passing what another attempt may heal, and nothing that a message is', () => {
    expect(Object.keys(ERROR_MESSAGES).filter(isRetryable).toSorted()).toEqual([
      'authentication_required',
      'rate_limited',
    ]);
    expect(['offline', 'timed_out', 'closed'].every(isRetryable)).toBe(true);
  });

  test('[D2] whatever happens, a room has one message under way, the first that has not failed', () => {
    const place = fc.integer({ min: 1, max: 12 });
    const step = fc.oneof(
      fc.record({ does: fc.constant('add' as const), place, room: fc.constantFrom(...ROOMS) }),
      fc.record({ does: fc.constantFrom('accept', 'fail', 'retry', 'remove', 'doubt'), place }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let outbox: Outbox = [];
        let last = 12;
        const written = new Set<string>();
        const removed = new Set<string>();
        for (const each of steps) {
          const uuid = `m${each.place}`;
          if (each.does === 'add' && 'room' in each) {
            outbox = add(outbox, [message(each.place, each.room)]);
            written.add(uuid);
            removed.delete(uuid);
          }
          if (each.does === 'accept') outbox = accept(outbox, uuid);
          if (each.does === 'fail') outbox = fail(outbox, uuid, 'forbidden');
          if (each.does === 'retry') outbox = retry(outbox, uuid, (last += 1));
          if (each.does === 'doubt') outbox = doubt(outbox, ROOMS[each.place % 2] ?? '');
          if (each.does === 'remove') {
            outbox = remove(outbox, uuid);
            removed.add(uuid);
          }
          const places = outbox.map((one) => one.place);
          expect(places).toEqual(places.toSorted((a, b) => a - b));
          for (const room of ROOMS) {
            const open = outbox.filter(
              (one) => one.room === room && one.failed === undefined && one.accepted !== true,
            );
            const sent = sendable(outbox, NOTHING).filter((one) => one.room === room);
            expect(sent).toEqual(open.slice(0, 1));
          }
        }
        const left = [...written].filter((uuid) => !removed.has(uuid)).toSorted();
        expect(uuids(outbox).toSorted()).toEqual(left);
      }),
    );
  });
});
