/**
 * J8. What was acknowledged before something else was asked for, by whomever, has the lower number. With
 * numbers given by the server that is one pass, and no search.
 */
import {
  type Check,
  type HistoryEvent,
  identity,
  type LogRow,
  rowsByIdentity,
  type Violation,
} from '../history.ts';

interface Acknowledged {
  readonly row: LogRow;
  readonly event: HistoryEvent;
}

export const realTimeOrder: Check = (history) => {
  const rows = rowsByIdentity(history);
  const roomOf = new Map<string, string>();
  /** By room, the highest number acknowledged so far. */
  const highest = new Map<string, Acknowledged>();
  for (const event of history.events) {
    if (event.kind === 'wrote' || event.kind === 'sent') {
      const { room, uuid, user } = event;
      if (room === undefined || roomOf.has(`${user} ${uuid}`)) continue;
      roomOf.set(`${user} ${uuid}`, room);
      const row = rows.get(identity(room, user, uuid));
      const before = highest.get(room);
      if (row !== undefined && before !== undefined && row.seq < before.row.seq) {
        return contradiction(before, event, row);
      }
    }
    if (event.kind === 'told' && event.outcome !== 'refused') {
      const room = roomOf.get(`${event.user} ${event.uuid}`) ?? '';
      const row = rows.get(identity(room, event.user, event.uuid));
      if (row !== undefined && row.seq > (highest.get(room)?.row.seq ?? 0)) {
        highest.set(room, { row, event });
      }
    }
  }
  return undefined;
};

const contradiction = (before: Acknowledged, asked: HistoryEvent, row: LogRow): Violation => ({
  check: 'J8',
  what: 'asked for after another was acknowledged, and numbered before it',
  piece: [before.event, asked, before.row, row],
});
