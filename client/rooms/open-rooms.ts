/**
 * The rooms in use, one object for each. Copies of logs are kept for those that were looked at last;
 * the others begin anew when somebody looks at them again.
 */
import type { Followed } from '../log/catch-up.ts';
import type { OpenRoom } from './open-room.ts';

/** Rooms with a copy of their log. */
export const COPIES_MAX_COUNT = 50;

export interface OpenRooms {
  /** The one in use. */
  get(room: string): OpenRoom | undefined;
  open(room: string): OpenRoom;
  /** One looks at it: it is the last to be forgotten. */
  looked(room: string): OpenRoom;
  /** Those with a copy of their log, by room. */
  readonly followed: ReadonlyMap<string, Followed>;
  close(): void;
}

export function createOpenRooms(options: {
  readonly open: (room: string) => OpenRoom;
  readonly lost: (room: string) => void;
}): OpenRooms {
  /** Those looked at longest ago first. */
  const rooms = new Map<string, OpenRoom>();

  const open = (room: string) => {
    const present = rooms.get(room) ?? options.open(room);
    rooms.set(room, present);
    return present;
  };
  const copied = () => [...rooms].filter(([, { copy }]) => copy.timeline !== undefined);
  return {
    get: (room) => rooms.get(room),
    open,
    looked(room) {
      const present = open(room);
      rooms.delete(room);
      rooms.set(room, present);
      for (const [, { copy }] of copied().slice(0, -COPIES_MAX_COUNT)) copy.drop();
      return present;
    },
    get followed() {
      return new Map(
        copied().map(([room, { copy, reader }]): [string, Followed] => [
          room,
          { room, copy, jump: () => reader.jump(), lost: () => options.lost(room) },
        ]),
      );
    },
    close() {
      for (const room of rooms.values()) room.close();
    },
  };
}
