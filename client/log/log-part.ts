/**
 * Part of a log as a server tells it: believed only when it is a part of this room's log at all, with one
 * number after the other, and the same as what was told of it before.
 */
import type { Entry } from '../../protocol/entry.ts';
import type { Problem } from '../problem.ts';
import { contradicts, type Timeline } from './timeline.ts';

/** What is wrong with the entries, oldest first; undefined when they can be believed. */
export function faultOf(
  room: string,
  entries: readonly Entry[],
  timeline: Timeline | undefined,
): Problem | undefined {
  if (timeline !== undefined && entries.some((entry) => contradicts(timeline, entry))) {
    return { code: 'log_altered', message: 'The server shows other entries than it did before' };
  }
  if (isLogPart(room, entries)) return undefined;
  return { code: 'bad_log', message: 'The server shows what is no part of the log' };
}

/** Whether the entries are of the room, and contiguous. */
const isLogPart = (room: string, entries: readonly Entry[]): boolean =>
  entries.every((entry, index) => {
    const before = entries[index - 1];
    if (entry.room !== room) return false;
    if (before === undefined) return true;
    const step = entry.kind === 'message' ? 1 : 0;
    return entry.seq === before.seq + 1 && entry.n === before.n + step;
  });
