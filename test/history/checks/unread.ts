/** Rule N4: what the list of rooms says is unread are the messages between the read mark and the head. */
import { type Check } from '../history.ts';

export const unread: Check = ({ events, logs }) => {
  for (const event of events) {
    if (event.kind !== 'listed') continue;
    const log = logs.get(event.room) ?? [];
    const expected = (log[event.head - 1]?.n ?? 0) - (log[event.read - 1]?.n ?? 0);
    if (event.unread === Math.max(0, expected)) continue;
    const piece = [log[event.read - 1], log[event.head - 1]].filter((row) => row !== undefined);
    return { check: 'N4', what: `${expected} are unread, not so many`, piece: [...piece, event] };
  }
  return undefined;
};
