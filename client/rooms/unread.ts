/**
 * What a room has for somebody who has read up to a mark: nothing is counted up, unread is the distance
 * of two places among the messages, so that a frame that is missed or comes twice does no harm. As on
 * the server, one's own messages count until they are marked.
 */
import type { ListedRoom } from '../../protocol/list-replies.ts';
import type { Entry } from '../../protocol/entry.ts';

/** Mentions that are known one by one. */
export const MENTIONS_MAX_COUNT = 1_000;

export interface Unread {
  /** The room's newest number. */
  readonly head: number;
  /** The newest message's place; undefined as long as no message is known. */
  readonly n: number | undefined;
  /** The mark: the last number read, and how many messages were unread when that was told. */
  readonly read: number;
  readonly readN: number | undefined;
  /** As the server counted, while `n` is not known. */
  readonly counted: number;
  /** Numbers of the messages behind `listed` that mention the user. */
  readonly mentions: readonly number[];
  /** Mentions that the server counted up to this number. */
  readonly listed: number;
  readonly mentionsListed: number;
}

export function listedUnread({ head, last, read, unread, mentions }: ListedRoom): Unread {
  return {
    head,
    n: last?.n,
    read,
    readN: last && last.n - unread,
    counted: unread,
    mentions: [],
    listed: head,
    mentionsListed: mentions,
  };
}

/** Takes what somebody said, or did, behind the head. */
export function hearUnread(state: Unread, entry: Entry, me: string | undefined): Unread {
  const before = entry.n - (entry.kind === 'message' ? 1 : 0);
  return {
    ...state,
    head: entry.seq,
    n: entry.n,
    // Nothing but this was missing to know where the mark is.
    readN: state.readN ?? before - state.counted,
    mentions: mentionsAfter(state, entry, me),
  };
}

function mentionsAfter({ mentions, listed }: Unread, entry: Entry, me: string | undefined) {
  const subject = entry.kind === 'message' ? entry.seq : entry.target;
  const says = entry.kind === 'message' || entry.kind === 'edit';
  if (subject === undefined || (!says && entry.kind !== 'delete')) return mentions;
  const others = mentions.filter((seq) => seq !== subject);
  const names = says && me !== undefined && entry.mentions?.includes(me) === true;
  // What was said before the list was read is in the server's count, as it was then.
  return names && subject > listed ? [...others, subject].slice(-MENTIONS_MAX_COUNT) : others;
}

/** Moves the mark on; `n` is the place there, when it is known. */
export function mark(state: Unread, seq: number, n: number | undefined): Unread {
  if (seq <= state.read) return state;
  const atHead = seq >= state.head;
  const readN = n ?? (atHead ? (state.n ?? 0) : state.readN);
  const moved = { ...state, read: seq, readN, counted: atHead ? 0 : state.counted };
  const left = seq >= state.listed ? 0 : Math.min(state.mentionsListed, unreadCount(moved));
  return { ...moved, mentionsListed: left };
}

export const unreadCount = ({ n, readN, counted }: Unread): number =>
  n === undefined || readN === undefined ? counted : Math.max(0, n - readN);

export const mentionCount = ({ mentions, mentionsListed, read }: Unread): number =>
  mentionsListed + mentions.filter((seq) => seq > read).length;
