/**
 * What a reader sees of a room, row by row: messages with the days between them, who came and went, and
 * where the unread ones begin. Messages of one author that follow each other closely form a group, whose
 * first one shows who it is.
 */
import type { Message, Notice } from '../../../client/index.ts';
import { isSameDay } from '../language/dates.ts';

export type Row =
  | { readonly kind: 'day'; readonly key: string; readonly time: number }
  | { readonly kind: 'unread'; readonly key: string }
  | { readonly kind: 'notice'; readonly key: string; readonly notice: Notice }
  | {
      readonly kind: 'message';
      readonly key: string;
      readonly message: Message;
      /** First of its group. */
      readonly head: boolean;
    };

/** Longest pause within a group. */
const GROUP_MAX_MS = 5 * 60_000;

export interface RowsOptions {
  readonly messages: readonly Message[];
  readonly notices: readonly Notice[];
  /** The last seq that was read when the unread ones began; undefined when there are none. */
  readonly unreadAfter: number | undefined;
  /** Nothing is older than what is there. Otherwise the first unread one may be, and is not marked yet. */
  readonly atStart: boolean;
}

/** Everything that has a place: by its seq, and the unsent ones last. */
export function timelineRows(options: RowsOptions): readonly Row[] {
  const { messages, notices, unreadAfter, atStart } = options;
  const rows: Row[] = [];
  let before: Message | Notice | undefined;
  let marked = unreadAfter === undefined;
  for (const entry of inOrder(messages, notices)) {
    if (before === undefined || !isSameDay(before.time, entry.time)) {
      rows.push({
        kind: 'day',
        key: `day ${new Date(entry.time).toDateString()}`,
        time: entry.time,
      });
    }
    if (!marked && isUnread(entry, unreadAfter ?? 0)) {
      marked = true;
      if (before !== undefined || atStart) rows.push({ kind: 'unread', key: 'unread' });
    }
    const startsGroup = rows.at(-1)?.kind !== 'message' || !follows(before, entry);
    rows.push(
      isMessage(entry)
        ? { kind: 'message', key: entry.key, message: entry, head: startsGroup }
        : { kind: 'notice', key: `notice ${entry.seq}`, notice: entry },
    );
    before = entry;
  }
  return rows;
}

const isMessage = (entry: Message | Notice): entry is Message => 'uuid' in entry;

const isUnread = (entry: Message | Notice, after: number) =>
  isMessage(entry) && !entry.mine && entry.seq !== undefined && entry.seq > after;

const follows = (before: Message | Notice | undefined, entry: Message | Notice) =>
  before !== undefined && before.user === entry.user && entry.time - before.time <= GROUP_MAX_MS;

function inOrder(
  messages: readonly Message[],
  notices: readonly Notice[],
): readonly (Message | Notice)[] {
  if (notices.length === 0) return messages;
  const place = ({ seq = Infinity }: Message | Notice) => seq;
  // Stable, so that the unsent ones keep their order among themselves.
  return [...messages, ...notices].toSorted((a, b) =>
    place(a) === place(b) ? 0 : place(a) - place(b),
  );
}
