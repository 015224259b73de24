/**
 * Read receipts as a reader sees them: under which message each of the others stands. Somebody stands
 * under the newest message that he has read and that is shown; under his own words it goes without saying.
 */
import type { Message } from '../../../client/index.ts';

/** People by the key of the message that they have read last. */
export function seenBy(
  messages: readonly Message[],
  readBy: ReadonlyMap<string, number>,
  me: string,
): ReadonlyMap<string, readonly string[]> {
  const seen = new Map<string, string[]>();
  for (const [user, read] of readBy) {
    if (user === me) continue;
    const message = messages.findLast(({ seq }) => seq !== undefined && seq <= read);
    if (message === undefined || message.user === user) continue;
    seen.set(message.key, [...(seen.get(message.key) ?? []), user]);
  }
  return seen;
}
