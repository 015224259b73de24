/** Rule X2: of a message that was deleted nothing is left, in the log, in the Inbox and on no screen. */
import { type Check, identity, type LogRow, rowsOf } from '../history.ts';

const check = 'X2';

export const erased: Check = (history) => {
  const deleted = new Map<string, LogRow>();
  const effective = new Map<string, LogRow>();
  for (const row of rowsOf(history)) {
    if (row.deleted === undefined) continue;
    deleted.set(identity(row.room, '', `${row.seq}`), row);
    effective.set(identity(row.room, '', `${row.deleted}`), row);
  }
  for (const row of rowsOf(history)) {
    const key = identity(row.room, '', `${row.content?.target ?? row.seq}`);
    const target = deleted.get(key);
    const isGone = row.kind === 'message' || row.kind === 'edit';
    if (target !== undefined && isGone && (row.content?.text ?? '') !== '') {
      return { check, what: 'its words are still in the log', piece: [target, row] };
    }
    const said = history.inbox.get(identity(row.room, row.user, row.uuid));
    if (row.kind === 'message' && target !== undefined && said !== undefined) {
      return { check, what: 'its words are still in the Inbox', piece: [target] };
    }
    // A delete that got a number was judged by a message that was there, and has deleted it.
    if (row.kind === 'delete' && target === undefined && !effective.has(key)) {
      return { check, what: 'deleted, and not marked so', piece: [row] };
    }
  }
  for (const event of history.events) {
    if (event.kind !== 'shown' || event.final !== true) continue;
    for (const { seq = 0, text } of event.messages) {
      const target = deleted.get(identity(event.room, '', `${seq}`));
      if (target !== undefined && text !== '') {
        return { check, what: 'its words are still shown', piece: [target, event] };
      }
    }
  }
  return undefined;
};
