/** J7. Whoever was told that something of his has its number reads it, on all his devices. */
import { type Check, type EventOf, identity } from '../history.ts';

export const ownWrites: Check = ({ events }) => {
  const written = new Map<string, { readonly seq: number; readonly event: EventOf<'heard'> }>();
  const asked = new Map<string, ReadonlyMap<string, number>>();
  /** By user, the newest own number in each room. */
  const own = new Map<string, Map<string, number>>();
  for (const event of events) {
    const ofUser = own.get(event.user) ?? new Map<string, number>();
    own.set(event.user, ofUser);
    if (event.kind === 'heard' && event.entry.user.username === event.user) {
      const { room, entry } = event;
      if (entry.seq <= (ofUser.get(room) ?? 0)) continue;
      ofUser.set(room, entry.seq);
      written.set(identity(room, event.user, `${entry.seq}`), { seq: entry.seq, event });
    }
    if (event.kind === 'sent') asked.set(event.uuid, new Map(ofUser));
    if (event.kind === 'read') {
      const seq = asked.get(event.uuid)?.get(event.room) ?? 0;
      const write = written.get(identity(event.room, event.user, `${seq}`));
      if (write !== undefined && event.head < seq) {
        return { check: 'J7', what: 'an own write is not read', piece: [write.event, event] };
      }
    }
  }
  return undefined;
};
