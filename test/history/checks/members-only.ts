/**
 * J12. Nobody hears an entry who is not in the room there: not before the entry that brings him in, and
 * nothing behind the one that puts him out, unless he has asked to come back by then, because then he
 * may read it anyhow. And once anybody has heard that somebody is out, no reply gives him any of it.
 */
import { type Check, type EventOf, identity, type LogRow, rowsByIdentity } from '../history.ts';
import { createMemberships } from '../memberships.ts';

const check = 'J12';

export const membersOnly: Check = (history) => {
  const memberships = createMemberships(history);
  const rows = rowsByIdentity(history);
  const asked = new Set<string>();
  /** Of each person in a room, the newest entry that put him out, of those that anybody has heard of. */
  const out = new Map<string, LogRow>();
  const outAtAsking = new Map<string, ReadonlyMap<string, LogRow>>();
  const comesBack = (room: string, user: string, after: number) =>
    memberships
      .joins(room, user)
      .some((row) => row.seq > after && asked.has(identity(room, row.user, row.uuid)));

  for (const event of history.events) {
    if (event.kind === 'sent') {
      if (event.room !== undefined) asked.add(identity(event.room, event.user, event.uuid));
      if (!outAtAsking.has(event.uuid)) outAtAsking.set(event.uuid, new Map(out));
    }
    if (event.kind === 'heard') {
      const { room, entry } = event;
      // What one said oneself, one may be told again: it was accepted while one was going.
      if (
        entry.user.username !== event.user &&
        !memberships.isIn(room, event.user, entry.seq) &&
        !comesBack(room, event.user, entry.seq)
      ) {
        return { check, what: 'heard by somebody who is not in the room', piece: [event] };
      }
      const member = entry.kind === 'leave' ? entry.member : undefined;
      const row = rows.get(identity(room, entry.user.username, entry.uuid));
      if (member !== undefined && row !== undefined) out.set(identity(room, member, ''), row);
    }
    if (event.kind === 'read') {
      const left = leftBefore(outAtAsking.get(event.uuid), event);
      if (left !== undefined && !comesBack(event.room, event.user, left.seq)) {
        return { check, what: 'read by somebody who was out already', piece: [left, event] };
      }
    }
  }
  return undefined;
};

const leftBefore = (out: ReadonlyMap<string, LogRow> | undefined, event: EventOf<'read'>) =>
  out?.get(identity(event.room, event.user, ''));
