/**
 * J10. When nothing goes wrong any more, every device of somebody in the room has heard or read of the
 * room's newest entry within `RECOVERY_MAX_MS`.
 */
import { type Check, entriesOf, type History, type HistoryEvent } from '../history.ts';
import { createMemberships } from '../memberships.ts';

/**
 * Milliseconds of the clients' time. It takes four minutes of silence to doubt a socket that is half
 * open, ten seconds to give it up, and at most a minute each until one may connect and ask.
 */
const RECOVERY_MAX_MS = 10 * 60_000;

/** One device in one room. */
interface Recovered {
  readonly device: string;
  readonly room: string;
  /** Milliseconds from the healing; undefined when it never came. */
  readonly ms: number | undefined;
}

/** How long it took each device, of those that say anything after the healing. */
export function recoveries(history: History): readonly Recovered[] {
  const healedAt = history.events.find(({ kind }) => kind === 'healed')?.at ?? 0;
  const memberships = createMemberships(history);
  const reached = new Map<string, number>();
  const heads = new Map([...history.logs].map(([room, log]) => [room, log.length]));
  const devices = new Map<string, HistoryEvent>();
  for (const event of history.events) {
    if (event.kind === 'shown' && event.final === true) {
      devices.set(JSON.stringify([event.device, event.room]), event);
    }
    for (const { room, seq } of entriesOf(event)) {
      const key = JSON.stringify([event.device, room]);
      if (seq === heads.get(room) && !reached.has(key)) {
        reached.set(key, Math.max(0, event.at - healedAt));
      }
    }
  }
  return [...devices].flatMap(([key, event]) => {
    if (event.kind !== 'shown') return [];
    const { device, room, user } = event;
    const head = heads.get(room) ?? 0;
    return memberships.isIn(room, user, head + 1) ? [{ device, room, ms: reached.get(key) }] : [];
  });
}

export const recovery: Check = (history) => {
  const late = recoveries(history).find(({ ms = Infinity }) => ms > RECOVERY_MAX_MS);
  if (late === undefined) return undefined;
  const newest = history.logs.get(late.room)?.at(-1);
  const last = history.events.findLast(
    (event) => event.kind === 'shown' && event.device === late.device && event.room === late.room,
  );
  const piece = [newest, last].filter((one) => one !== undefined);
  return { check: 'J10', what: `${late.device} has not come back to the room's head`, piece };
};
