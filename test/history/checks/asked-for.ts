/**
 * J2. Whatever is in a log was asked for by its sender, in these words, and was not refused each time it
 * was asked; and whatever clients see is in the log.
 */
import { type Check, entriesOf, type EventOf, identity, type LogRow, rowsOf } from '../history.ts';

const check = 'J2';

interface Asked {
  readonly first: EventOf<'sent'>;
  frames: number;
  refusals: number;
}

export const askedFor: Check = (history) => {
  const asked = new Map<string, Asked>();
  for (const event of history.events) {
    const key = event.kind === 'sent' || event.kind === 'told' ? `${event.user} ${event.uuid}` : '';
    const one = asked.get(key);
    if (event.kind === 'sent') {
      if (one === undefined) asked.set(key, { first: event, frames: 1, refusals: 0 });
      else one.frames += 1;
    }
    if (event.kind === 'told' && event.outcome === 'refused' && one !== undefined)
      one.refusals += 1;
  }
  for (const row of rowsOf(history)) {
    const one = asked.get(`${row.user} ${row.uuid}`);
    if (one === undefined) return { check, what: 'in the log, and never asked for', piece: [row] };
    const piece = [one.first, row];
    if (one.refusals >= one.frames) return { check, what: 'refused, and in the log', piece };
    if (isOther(one.first, row)) return { check, what: 'in the log as something else', piece };
  }
  return unknown(history);
};

/** A message's row has the words of its newest edit. */
const isOther = (sent: EventOf<'sent'>, { room, content, edited }: LogRow) =>
  (sent.room !== undefined && sent.room !== room) ||
  (edited === undefined && content?.kind === 'message' && content.text !== sent.text);

const unknown: Check = (history) => {
  const inLog = new Set(rowsOf(history).map(({ room, seq }) => identity(room, '', `${seq}`)));
  for (const event of history.events) {
    const entry = entriesOf(event).find(
      ({ room, seq }) => !inLog.has(identity(room, '', `${seq}`)),
    );
    if (entry !== undefined) return { check, what: 'seen, and not in the log', piece: [event] };
  }
  return undefined;
};
