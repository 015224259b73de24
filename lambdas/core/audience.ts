import { type Crowd, isLarge, type LargeRoom } from './crowd.ts';
import type { Deliver, Delivery } from './deliver.ts';
import { createDoor, type Door } from './door.ts';
import type { Entry } from './entry.ts';
import { toFrame } from './frames.ts';
import type { Online } from './online.ts';
import type { Recipient } from './recipients.ts';
import type { Membership } from './rooms.ts';

/** What there is to tell of one room. */
export interface News {
  /** In order. */
  readonly entries: readonly Entry[];
  /** The room's newest number. */
  readonly head: number;
  /** Entries up to this number had it before: who came by one of them may have gone since. */
  readonly knownUpTo: number;
}

/**
 * Who hears a room, as its entries let people in and out. A new member's devices hear the room from
 * the entry that brings them in. Of who goes, the devices are told up to that entry and are then no
 * recipients any more; only when that is done do the others hear of it. So nobody sees a ban succeed
 * before the banned have heard their last.
 */
export interface Audience {
  /** Everybody online in the room who has not just left it; or that these are many. */
  of(room: string): Promise<readonly Recipient[] | LargeRoom>;
  /** Posts entries of one room, in order, each to those who are in at that point. */
  tell(recipients: readonly Recipient[], news: News, deadline: number): Promise<Delivery>;
  /**
   * What comes before others tell a large room of these entries: who comes is entered, who goes is told
   * and taken off.
   */
  prepare(news: News, deadline: number): Promise<Delivery>;
  /**
   * Who came or went in entries that it is too late to tell of is let in or out all the same, as things
   * are now.
   */
  settle(entries: readonly Entry[]): Promise<void>;
  /** Who left the room just now. */
  departed(room: string): readonly string[];
}

export function createAudience(options: {
  readonly crowd: Pick<Crowd, 'of'>;
  readonly online: Online;
  readonly deliver: Deliver;
  readonly members: Pick<Membership, 'member'>;
  readonly now?: () => number;
}): Audience {
  const { crowd, online, deliver, members, now = Date.now } = options;
  const door = createDoor({ online, members, now });

  return {
    async of(room) {
      const recipients = await crowd.of(room);
      if (isLarge(recipients)) return recipients;
      const departed = recipients.filter(({ user }) => door.hasLeft(room, user));
      if (departed.length === 0) return recipients;
      await online.leaveRoom(
        room,
        departed.map(({ connection }) => connection),
      );
      return recipients.filter((recipient) => !departed.includes(recipient));
    },

    async tell(recipients, { entries, head, knownUpTo }, deadline) {
      const { result, post } = createPoster(deliver, head, deadline);
      let present = recipients;
      let unsaid: Entry[] = [];
      for (const entry of entries) {
        const { room, said } = entry;
        if (said?.content.kind === 'join') {
          await post(present, unsaid);
          unsaid = [];
          present = [...present, ...(await welcome(door, entry, knownUpTo, present))];
        }
        unsaid.push(entry);
        if (said?.content.kind === 'leave') {
          const { member } = said.content;
          const leaving = present.filter(({ user }) => user === member);
          present = present.filter(({ user }) => user !== member);
          await post(leaving, unsaid);
          await door.letOut(room, member, leaving);
        }
      }
      await post(present, unsaid);
      return result;
    },

    async prepare({ entries, head, knownUpTo }, deadline) {
      const { result, post } = createPoster(deliver, head, deadline);
      for (const [index, entry] of entries.entries()) {
        const { room, said } = entry;
        if (said?.content.kind === 'join') {
          await welcome(door, entry, knownUpTo, []);
        }
        if (said?.content.kind === 'leave') {
          const { member } = said.content;
          const leaving = await online.devicesOf(member, { consistent: true });
          await post(leaving, entries.slice(0, index + 1));
          await door.letOut(room, member, leaving);
        }
      }
      return result;
    },

    async settle(entries) {
      for (const entry of entries) {
        for (const user of movedBy(entry)) await door.settle(entry.room, user);
      }
    },
    departed: (room) => door.departed(room),
  };
}

/** Lets in whom an entry brings, and answers their devices; by an entry that is told again, who is in still. */
async function welcome(
  door: Door,
  entry: Entry,
  knownUpTo: number,
  present: readonly Recipient[],
): Promise<readonly Recipient[]> {
  const { room, seq } = entry;
  const devices: Recipient[] = [];
  for (const user of movedBy(entry)) {
    const known = [...present, ...devices];
    const entered =
      seq > knownUpTo
        ? await door.letIn(room, user, known)
        : await door.letInAgain(room, user, known);
    devices.push(...entered);
  }
  return devices;
}

/** Who comes or goes by an entry. */
function movedBy(entry: Entry): readonly string[] {
  const content = entry.said?.content;
  // Two people come into a direct room at once: who opens it, and the other.
  const opener = entry.action === 'open_direct' ? [entry.user] : [];
  if (content?.kind === 'join') return [...new Set([...opener, content.member])];
  return content?.kind === 'leave' ? [content.member] : [];
}

/** Posts as they are said, and what came of all posts so far. */
function createPoster(deliver: Deliver, head: number, deadline: number) {
  const result = { posted: 0, failed: 0, gone: [] as Recipient[] };
  const post = async (to: readonly Recipient[], said: readonly Entry[]) => {
    if (to.length === 0 || said.length === 0) return;
    const frames = said.map((entry) => toFrame(entry, head));
    const { posted, failed, gone } = await deliver(to, frames, deadline);
    result.posted += posted;
    result.failed += failed;
    result.gone.push(...gone);
  };
  return { result, post };
}
