/** J9. Whatever a device asks for after it has seen an entry gets a higher number. */
import { type Check, entriesOf, type HistoryEvent, identity, rowsByIdentity } from '../history.ts';

interface Seen {
  readonly seq: number;
  readonly event: HistoryEvent;
}

export const afterWhatWasSeen: Check = (history) => {
  const rows = rowsByIdentity(history);
  const asked = new Set<string>();
  const seen = new Map<string, Seen>();
  for (const event of history.events) {
    for (const { room, seq } of entriesOf(event)) {
      const key = identity(room, event.device, '');
      if (seq > (seen.get(key)?.seq ?? 0)) seen.set(key, { seq, event });
    }
    if (event.kind !== 'wrote' && event.kind !== 'sent') continue;
    const { room, user, uuid } = event;
    if (room === undefined || asked.has(`${user} ${uuid}`)) continue;
    asked.add(`${user} ${uuid}`);
    const row = rows.get(identity(room, user, uuid));
    const before = seen.get(identity(room, event.device, ''));
    if (row !== undefined && before !== undefined && row.seq <= before.seq) {
      const what = `asked for after number ${before.seq} was seen, and numbered before it`;
      return { check: 'J9', what, piece: [before.event, event, row] };
    }
  }
  return undefined;
};
