/**
 * J11. Nothing fails in silence: what somebody wrote ends in the log, or is shown as failed, and not
 * both; and since no log has a horizon, no library ever needs to tell of what it cannot get, or to doubt
 * an honest server.
 */
import { type Check, type EventOf, identity, rowsByIdentity, type Violation } from '../history.ts';

const check = 'J11';

/** What tells of a bad day, and not of a bad server. */
const PASSING: ReadonlySet<string> = new Set(['recover_failed', 'server_failed']);

export const honestFailure: Check = (history) => {
  const rows = rowsByIdentity(history);
  const finals = new Map<string, EventOf<'shown'>>();
  const failed = new Set<string>();
  for (const event of history.events) {
    if (event.kind === 'problem' && !PASSING.has(event.code)) return dishonest(event);
    if (event.kind === 'verified' && event.fault !== undefined) return dishonest(event);
    if (event.kind !== 'shown' || event.final !== true) continue;
    finals.set(JSON.stringify([event.device, event.room]), event);
    for (const { uuid, user, state } of event.messages) {
      if (state === 'failed') failed.add(identity(event.room, user, uuid));
    }
  }
  for (const event of history.events) {
    if (event.kind !== 'wrote') continue;
    const final = finals.get(JSON.stringify([event.device, event.room]));
    const key = identity(event.room, event.user, event.uuid);
    const row = rows.get(key);
    if (final === undefined || (row !== undefined) !== failed.has(key)) continue;
    const what =
      row === undefined ? 'written, and silently lost' : 'in the log, and shown as failed';
    return { check, what, piece: row === undefined ? [event, final] : [event, row, final] };
  }
  return undefined;
};

const dishonest = (event: EventOf<'problem' | 'verified'>): Violation => ({
  check,
  what: 'the library doubts an honest server',
  piece: [event],
});
