import type { Deliver, Delivery } from './deliver.ts';
import type { Entry } from './entry.ts';
import { toFrame } from './frames.ts';
import type { Online } from './online.ts';
import type { Recipient } from './recipients.ts';

/**
 * Who hears a room, as its entries let people in and out. A new member's devices hear the room from
 * the entry that brings them in. Of who goes, the devices are told up to that entry and are then no
 * recipients any more; only when that is done do the others hear of it. So nobody sees a ban succeed
 * before the banned have heard their last.
 */
export interface Audience {
  /** Everybody online in the room who has not just left it. */
  of(room: string): Promise<readonly Recipient[]>;
  /** Posts entries of one room, in order, each to those who are in at that point. */
  tell(
    recipients: readonly Recipient[],
    entries: readonly Entry[],
    head: number,
    deadline: number,
  ): Promise<Delivery>;
}

/**
 * How long a departure is remembered: the list of recipients is read eventually consistent, and a
 * device that signs in at this moment may still be let in by an old list of its rooms. Milliseconds.
 */
export const DEPARTURE_MS = 10_000;

export function createAudience(options: {
  readonly online: Online;
  readonly deliver: Deliver;
  readonly now?: () => number;
}): Audience {
  const { online, deliver, now = Date.now } = options;
  const departures = createDepartures(now);

  const letIn = async (room: string, user: string, present: readonly Recipient[]) => {
    departures.forget(room, user);
    const known = new Set(present.map(({ connection }) => connection));
    const devices = (await online.devicesOf(user)).filter(
      ({ connection }) => !known.has(connection),
    );
    await Promise.all(devices.map((device) => online.enter(device, [room])));
    return devices;
  };

  const letOut = async (room: string, user: string, present: readonly Recipient[]) => {
    departures.add(room, user);
    // Consistent: a device that signed in a moment ago is in no older list.
    const devices = await online.devicesOf(user, { consistent: true });
    const connections = new Set([...devices, ...present].map(({ connection }) => connection));
    await online.leaveRoom(room, [...connections]);
  };

  return {
    async of(room) {
      const recipients = await online.inRoom(room);
      const departed = recipients.filter(({ user }) => departures.has(room, user));
      if (departed.length === 0) return recipients;
      await online.leaveRoom(
        room,
        departed.map(({ connection }) => connection),
      );
      return recipients.filter((recipient) => !departed.includes(recipient));
    },

    async tell(recipients, entries, head, deadline) {
      const result = { posted: 0, failed: 0, gone: [] as Recipient[] };
      const post = async (to: readonly Recipient[], said: readonly Entry[]) => {
        if (to.length === 0 || said.length === 0) return;
        const frames = said.map((entry) => toFrame(entry, head));
        const { posted, failed, gone } = await deliver(to, frames, deadline);
        result.posted += posted;
        result.failed += failed;
        result.gone.push(...gone);
      };

      let present = recipients;
      let unsaid: Entry[] = [];
      for (const entry of entries) {
        const { room, said } = entry;
        if (said?.content.kind === 'join') {
          await post(present, unsaid);
          unsaid = [];
          for (const user of broughtIn(entry, said.content.member)) {
            present = [...present, ...(await letIn(room, user, present))];
          }
        }
        unsaid.push(entry);
        if (said?.content.kind === 'leave') {
          const { member } = said.content;
          const leaving = present.filter(({ user }) => user === member);
          present = present.filter(({ user }) => user !== member);
          await post(leaving, unsaid);
          await letOut(room, member, leaving);
        }
      }
      await post(present, unsaid);
      return result;
    },
  };
}

/** Two people come into a direct room at once: who opens it, and the other. */
const broughtIn = ({ action, user }: Entry, member: string) =>
  action === 'open_direct' ? new Set([user, member]) : [member];

/** Who left which room within the last while. */
function createDepartures(now: () => number) {
  /** When, under room and user; the oldest first. */
  const leftAt = new Map<string, number>();
  const isOver = (time: number) => time <= now() - DEPARTURE_MS;
  const key = (room: string, user: string) => `${room}#${user}`;
  return {
    has: (room: string, user: string) => !isOver(leftAt.get(key(room, user)) ?? -Infinity),
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
