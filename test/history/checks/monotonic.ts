/**
 * J6. Nobody goes back: a reply knows at least what its device had seen when it asked, also after it
 * connected anew or was reloaded; and a screen never ends earlier than it did.
 */
import { type Check, entriesOf, type HistoryEvent, type Violation } from '../history.ts';

const check = 'J6';

interface Seen {
  readonly seq: number;
  readonly event: HistoryEvent;
}

export const monotonic: Check = ({ events }) => {
  /** What was seen when a read was asked for, of the rooms of its device. */
  const atAsking = new Map<string, ReadonlyMap<string, Seen>>();
  const screens = new Map<string, Seen>();
  const roomsOf = new Map<string, Map<string, Seen>>();
  for (const event of events) {
    const own = roomsOf.get(event.device) ?? new Map<string, Seen>();
    roomsOf.set(event.device, own);
    if (event.kind === 'sent' && READS.has(event.action)) atAsking.set(event.uuid, new Map(own));
    if (event.kind === 'read') {
      const before = atAsking.get(event.uuid)?.get(event.room);
      if (before !== undefined && event.head < before.seq) return back(before, event);
    }
    if (event.kind === 'shown') {
      const last = event.messages.findLast(({ seq }) => seq !== undefined)?.seq;
      const key = JSON.stringify([event.device, event.life, event.room]);
      const before = screens.get(key);
      if (last !== undefined && before !== undefined && last < before.seq)
        return back(before, event);
      if (last !== undefined) screens.set(key, { seq: last, event });
    }
    for (const { room, seq } of entriesOf(event)) {
      if (seq > (own.get(room)?.seq ?? 0)) own.set(room, { seq, event });
    }
  }
  return undefined;
};

const READS: ReadonlySet<string> = new Set(['sync', 'select_room', 'history']);

const back = (before: Seen, event: HistoryEvent): Violation => ({
  check,
  what: `it had seen ${before.seq}, and is shown less`,
  piece: [before.event, event],
});
