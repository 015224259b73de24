/** What one answer to `sync` does for a timeline, and what is to be done next. Pure. */
import type { Entry } from '../../protocol/entry.ts';
import { hear, type Timeline } from './timeline.ts';

/** A gap of more entries than these is not walked through: the newest page is loaded instead. */
export const GAP_MAX_COUNT = 500;

export interface SyncStep {
  readonly timeline: Timeline;
  /** Where the log is believed to end. */
  readonly head: number;
  /**
   * `more`: ask again. `far`: too far to go on asking. `stuck`: the server tells of entries that it does
   * not give, so what is there is all there is.
   */
  readonly state: 'caught up' | 'more' | 'far' | 'stuck';
}

/**
 * `told` is the head that the answer tells, `asked` the one that was known when it was asked for, `heard`
 * the one that is known now. What was heard of in between may be newer than the answer: it is asked for
 * again, and no reason to think ill of the server.
 */
export function syncStep(
  before: Timeline,
  entries: readonly Entry[],
  told: number,
  { asked, heard }: { readonly asked: number; readonly heard: number },
): SyncStep {
  const connects = (entries[0]?.seq ?? 0) <= before.end + 1;
  const timeline = connects ? entries.reduce(hear, before) : before;
  const { end, early } = timeline;
  const since = heard > asked ? heard : 0;
  const head = Math.max(told, early.at(-1)?.seq ?? 0, end, since);
  if (end === before.end && Math.max(told, asked) > end) {
    return { timeline: { ...timeline, early: [] }, head: end, state: 'stuck' };
  }
  if (head === end) return { timeline, head, state: 'caught up' };
  return { timeline, head, state: head - end > GAP_MAX_COUNT ? 'far' : 'more' };
}
