/**
 * J5. Without a gap and without a duplicate: the numbers of each log, the entries of each reply, and the
 * messages of each screen, on which only what has no number yet stands behind all others.
 */
import {
  type Check,
  type EventOf,
  type History,
  type HistoryEvent,
  type LogRow,
  type Violation,
} from '../history.ts';

const check = 'J5';

export const gapFree: Check = (history) => logGap(history) ?? seenGap(history);

function logGap({ logs }: History): Violation | undefined {
  for (const log of logs.values()) {
    const at = log.findIndex((row, index) => row.seq !== index + 1 || row.n !== nAt(log, index));
    const row = log[at];
    if (row === undefined) continue;
    const before = log[at - 1];
    const piece = before === undefined ? [row] : [before, row];
    return { check, what: 'the log has a gap or a duplicate', piece };
  }
  return undefined;
}

/** How many messages there are up to a row, from the row before. */
const nAt = (log: readonly LogRow[], index: number) =>
  (log[index - 1]?.n ?? 0) + (log[index]?.kind === 'message' ? 1 : 0);

function seenGap({ events }: History): Violation | undefined {
  for (const event of events) {
    const what = event.kind === 'shown' ? faultOf(event) : gapIn(event);
    if (what !== undefined) return { check, what, piece: [event] };
  }
  return undefined;
}

const gapIn = (event: HistoryEvent) => {
  if (event.kind !== 'read' || !event.contiguous) return undefined;
  const gap = event.entries.some(
    ({ seq }, at) => at > 0 && seq !== (event.entries[at - 1]?.seq ?? 0) + 1,
  );
  return gap ? 'a reply has a gap or a duplicate' : undefined;
};

function faultOf({ messages }: EventOf<'shown'>): string | undefined {
  const keys = new Set(messages.map(({ user, uuid }) => JSON.stringify([user, uuid])));
  if (keys.size < messages.length) return 'a message is shown twice';
  const numbered = messages.findLastIndex(({ n }) => n !== undefined) + 1;
  for (const [index, { n, seq = 0 }] of messages.slice(0, numbered).entries()) {
    const before = messages[index - 1];
    if (n === undefined) return 'a message without a number stands among those that have one';
    if (before?.n !== undefined && n !== before.n + 1) return 'the screen has a gap';
    if (before !== undefined && seq <= (before.seq ?? 0)) return 'the screen is out of order';
  }
  return undefined;
}
