import type { Online } from './online.ts';
import type { Recipient } from './recipients.ts';
import type { Membership } from './rooms.ts';

/**
 * Lets people in among those who hear a room, and out again, and knows for a while who went out.
 */
export interface Door {
  /** Enters the user's devices that are not present yet, and answers these. */
  letIn(room: string, user: string, present: readonly Recipient[]): Promise<readonly Recipient[]>;
  /** As `letIn`, of somebody who came a while ago: unless he is out again by now. */
  letInAgain(
    room: string,
    user: string,
    present: readonly Recipient[],
  ): Promise<readonly Recipient[]>;
  /** Takes the user's devices off, and whoever of him is present. */
  letOut(room: string, user: string, present: readonly Recipient[]): Promise<void>;
  /** Lets him in or out, as things are now. */
  settle(room: string, user: string): Promise<void>;
  hasLeft(room: string, user: string): boolean;
  /** Everybody who left the room within the last while. */
  departed(room: string): readonly string[];
}

/**
 * How long a departure is remembered: the list of recipients is read eventually consistent, and a
 * device that signs in at this moment may still be let in by an old list of its rooms. Milliseconds.
 */
const DEPARTURE_MS = 10_000;

export function createDoor(options: {
  readonly online: Online;
  readonly members: Pick<Membership, 'member'>;
  readonly now: () => number;
}): Door {
  const { online, members, now } = options;
  const departures = createDepartures(now);
  const isIn = async (room: string, user: string) =>
    (await members.member(room, user)) !== undefined;

  const door: Door = {
    async letIn(room, user, present) {
      departures.forget(room, user);
      const known = new Set(present.map(({ connection }) => connection));
      const devices = (await online.devicesOf(user)).filter(
        ({ connection }) => !known.has(connection),
      );
      await Promise.all(devices.map((device) => online.enter(device, [room])));
      return devices;
    },

    letInAgain: async (room, user, present) =>
      (await isIn(room, user)) ? door.letIn(room, user, present) : [],

    async letOut(room, user, present) {
      departures.add(room, user);
      // Consistent: a device that signed in a moment ago is in no older list.
      const devices = await online.devicesOf(user, { consistent: true });
      const connections = new Set([...devices, ...present].map(({ connection }) => connection));
      await online.leaveRoom(room, [...connections]);
    },

    async settle(room, user) {
      if (await isIn(room, user)) await door.letIn(room, user, []);
      else await door.letOut(room, user, []);
    },

    hasLeft: (room, user) => departures.has(room, user),
    departed: (room) => departures.of(room),
  };
  return door;
}

/** Who left which room within the last while. */
function createDepartures(now: () => number) {
  /** When, under room and user; the oldest first. */
  const leftAt = new Map<string, number>();
  const isOver = (time: number) => time <= now() - DEPARTURE_MS;
  const key = (room: string, user: string) => `${room}#${user}`;
  return {
    has: (room: string, user: string) => !isOver(leftAt.get(key(room, user)) ?? -Infinity),
    of: (room: string) =>
      [...leftAt].flatMap(([left, time]) =>
        left.startsWith(key(room, '')) && !isOver(time) ? [left.slice(key(room, '').length)] : [],
      ),
    forget: (room: string, user: string) => leftAt.delete(key(room, user)),
    add(room: string, user: string) {
      for (const [oldest, time] of leftAt) {
        if (!isOver(time)) break;
        leftAt.delete(oldest);
      }
      leftAt.delete(key(room, user));
      leftAt.set(key(room, user), now());
    },
  };
}
