/**
 * The client's copy of a room's log, and what it knows of its own gaps. What the server says is checked
 * before it is believed: entries of another room, with holes between them, or other ones than those
 * known under their numbers change nothing, and are told as a problem.
 */
import type { Entry } from '../../protocol/entry.ts';
import type { SyncedRoom } from '../../protocol/log-replies.ts';
import { faultOf } from './log-part.ts';
import type { Problem } from '../problem.ts';
import { type SyncStep, syncStep } from './sync-step.ts';
import * as timelines from './timeline.ts';
import type { Timeline } from './timeline.ts';

export interface LogCopyOptions {
  readonly room: string;
  readonly changed: () => void;
  /** Something is missing at the end. */
  readonly behind: () => void;
  /** The log shows these, perhaps not for the first time. */
  readonly showed: (entries: readonly Entry[]) => void;
  readonly problem: (problem: Problem) => void;
}

export interface LogCopy {
  /** Undefined until the newest page was read. */
  readonly timeline: Timeline | undefined;
  /** There are entries at the end that did not come. */
  readonly isBehind: boolean;
  /** Takes what came by itself, and the head that came with it. */
  hear(entry: Entry, head: number): void;
  /** The room's log is said to go up to there. */
  hearHead(head: number): void;
  /** Where the log is known to end. */
  readonly head: number;
  /** Takes what `sync` brought, asked for when the head was `asked`. */
  sync(part: Extract<SyncedRoom, { entries: unknown }>, asked: number): SyncStep['state'];
  /** Takes the newest page; false when it cannot be. */
  begin(page: readonly Entry[]): boolean;
  /** Takes another page, read when the end was `since`. `old`: too much has happened since. */
  insert(page: readonly Entry[], since: number): 'done' | 'old' | 'bad';
  readAt(place: Timeline['place']): void;
  /** Forgets everything: the room is not one's own any more. */
  drop(): void;
  /** How often that was. */
  readonly drops: number;
}

const MISSING: Problem = {
  code: 'missing_entries',
  message: 'The server tells of entries that it does not give',
};

export function createLogCopy(options: LogCopyOptions): LogCopy {
  const { room, changed, showed, behind, problem } = options;
  let timeline: Timeline | undefined;
  let head = 0;
  let drops = 0;

  const become = (next: Timeline | undefined, shown: readonly Entry[] = []) => {
    if (next !== timeline) {
      timeline = next;
      changed();
    }
    showed(shown);
  };
  const believe = (entries: readonly Entry[]) => {
    const fault = faultOf(room, entries, timeline);
    if (fault !== undefined) problem(fault);
    return fault === undefined;
  };

  const copy: LogCopy = {
    get timeline() {
      return timeline;
    },
    get isBehind() {
      return head > (timeline?.end ?? Infinity);
    },
    hear(entry, newest) {
      if (!believe([entry])) return;
      become(timeline && timelines.hear(timeline, entry), [entry]);
      copy.hearHead(Math.max(newest, entry.seq));
    },
    hearHead(newest) {
      head = Math.max(head, newest);
      if (copy.isBehind) behind();
    },
    get head() {
      return head;
    },
    sync({ entries, head: told }, asked) {
      if (timeline === undefined || !believe(entries)) return 'stuck';
      const step = syncStep(timeline, entries, told, { asked, heard: head });
      head = step.head;
      become(step.timeline, entries);
      if (step.state === 'stuck') problem(MISSING);
      return step.state;
    },
    begin(page) {
      if (!believe(page)) return false;
      become(begun(timeline, page), page);
      if (copy.isBehind) behind();
      return true;
    },
    insert(page, since) {
      if (!believe(page)) return 'bad';
      const next = timeline && timelines.insert(timeline, page, since);
      if (next === undefined) return 'old';
      become(next, page);
      return 'done';
    },
    readAt: (place) => become(timeline && timelines.readAt(timeline, place)),
    get drops() {
      return drops;
    },
    drop() {
      drops += 1;
      head = 0;
      become(undefined);
    },
  };
  return copy;
}

/** With the newest page: as what was there goes on, or anew. */
function begun(timeline: Timeline | undefined, page: readonly Entry[]): Timeline {
  const connects = timeline !== undefined && (page[0]?.seq ?? 0) <= timeline.end + 1;
  if (connects) return page.reduce(timelines.hear, timeline);
  return (timeline?.early ?? []).reduce(timelines.hear, timelines.beginTimeline(page));
}
