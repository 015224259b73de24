/**
 * J1. What was acknowledged is in the log, where it was said to be; and in the end everybody in the room
 * is shown all messages of the log.
 */
import {
  type Check,
  type EventOf,
  identity,
  type LogRow,
  rowsByIdentity,
  rowsOf,
  type Violation,
} from '../history.ts';
import { createMemberships } from '../memberships.ts';

const check = 'J1';

export const acknowledged: Check = (history) => {
  const rows = rowsByIdentity(history);
  const sent = new Map<string, EventOf<'sent'>>();
  for (const event of history.events) {
    if (event.kind === 'sent') sent.set(`${event.user} ${event.uuid}`, event);
    if (event.kind !== 'told' || event.outcome === 'refused') continue;
    const asked = sent.get(`${event.user} ${event.uuid}`);
    // What changed nothing has no entry, and says neither that it has one nor that it will.
    if (asked?.room === undefined || (event.outcome === 'success' && event.seq === undefined)) {
      continue;
    }
    const row = rows.get(identity(asked.room, event.user, event.uuid));
    if (row === undefined || (event.seq !== undefined && event.seq !== row.seq)) {
      const piece = [asked, event, ...(row === undefined ? [] : [row])];
      return { check, what: 'acknowledged, and not in the log there', piece };
    }
  }
  return unseen(history);
};

const unseen: Check = (history) => {
  const memberships = createMemberships(history);
  const byRoom = Map.groupBy(rowsOf(history), ({ room }) => room);
  for (const event of history.events) {
    if (event.kind !== 'shown' || event.final !== true) continue;
    const log = byRoom.get(event.room) ?? [];
    if (!memberships.isIn(event.room, event.user, log.length + 1)) continue;
    const missing = missingIn(event, log);
    if (missing !== undefined) return missing;
  }
  return undefined;
};

function missingIn(event: EventOf<'shown'>, log: readonly LogRow[]): Violation | undefined {
  const shown = new Set(event.messages.map(({ seq }) => seq));
  const row = log.find(({ kind, seq }) => kind === 'message' && !shown.has(seq));
  return row && { check, what: 'in the log, and not shown in the end', piece: [row, event] };
}
