/** J4. A sender's uuid has one number in a room, however often it was sent, and whoever is told of it. */
import { type Check, type HistoryEvent, identity, type LogRow, rowsOf } from '../history.ts';

const check = 'J4';

export const once: Check = (history) => {
  const inLog = new Map<string, LogRow>();
  for (const row of rowsOf(history)) {
    const key = identity(row.room, row.user, row.uuid);
    const other = inLog.get(key);
    if (other !== undefined) return { check, what: 'one uuid, two numbers', piece: [other, row] };
    inLog.set(key, row);
  }
  const heard = new Map<string, { readonly seq: number; readonly event: HistoryEvent }>();
  for (const event of history.events) {
    if (event.kind !== 'heard') continue;
    const { entry, room } = event;
    const key = identity(room, entry.user.username, entry.uuid);
    const before = heard.get(key);
    if (before !== undefined && before.seq !== entry.seq) {
      return { check, what: 'one uuid is told two numbers', piece: [before.event, event] };
    }
    if (before === undefined) heard.set(key, { seq: entry.seq, event });
  }
  return undefined;
};
