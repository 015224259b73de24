/**
 * Rooms that must be the user's and are not in the list yet: the server's list is a moment late. It is
 * read again, now and then, until they are there; not for ever, for somebody may be out again, or the
 * server may lie.
 */
import type { Clock } from '../clock.ts';
import { createTimer } from '../timer.ts';

/** Between two lists that nobody asked for. */
export const RELIST_MS = 1_000;

/** Lists in which a room may be missing. */
const MISSING_MAX_COUNT = 5;

/** Rooms that are looked for at once. */
const EXPECTED_MAX_COUNT = 100;

export interface ExpectedRooms {
  add(room: string): void;
  remove(room: string): void;
  /** The list was read. */
  listed(has: (room: string) => boolean): void;
  close(): void;
}

export function createExpectedRooms(clock: Clock, list: () => void): ExpectedRooms {
  /** In how many lists each may still be missing. */
  const rooms = new Map<string, number>();
  const timer = createTimer(clock, list);
  let listedAt = -Infinity;
  const plan = () => timer.start(Math.max(0, listedAt + RELIST_MS - clock.now()));
  return {
    add(room) {
      if (rooms.has(room) || rooms.size >= EXPECTED_MAX_COUNT) return;
      rooms.set(room, MISSING_MAX_COUNT);
      plan();
    },
    remove: (room) => void rooms.delete(room),
    listed(has) {
      listedAt = clock.now();
      for (const [room, left] of rooms) {
        if (has(room) || left === 1) rooms.delete(room);
        else rooms.set(room, left - 1);
      }
      if (rooms.size > 0) plan();
      else timer.stop();
    },
    close: () => timer.stop(),
  };
}
