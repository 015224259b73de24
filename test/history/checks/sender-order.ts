/** Beside J8: what one device wrote in a room, in the client library, is numbered in the order of writing. */
import { type Check, type EventOf, identity, type LogRow, rowsByIdentity } from '../history.ts';

export const senderOrder: Check = (history) => {
  const rows = rowsByIdentity(history);
  const last = new Map<string, { readonly row: LogRow; readonly event: EventOf<'wrote'> }>();
  for (const event of history.events) {
    if (event.kind !== 'wrote') continue;
    const row = rows.get(identity(event.room, event.user, event.uuid));
    const key = JSON.stringify([event.device, event.room]);
    const before = last.get(key);
    if (row === undefined) continue;
    if (before !== undefined && row.seq < before.row.seq) {
      const piece = [before.event, event, before.row, row];
      return { check: 'sender order', what: 'written later, and numbered before', piece };
    }
    last.set(key, { row, event });
  }
  return undefined;
};
