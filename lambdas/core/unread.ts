import { PREVIEW_MAX_CODE_POINTS, UNREAD_LOOK_MAX_COUNT } from '../../protocol/limits.ts';
import type { Entry as WireEntry } from '../../protocol/replies.ts';
import { type Entry, toWire } from './entry.ts';
import type { Log } from './log.ts';
import { type Member, UNREAD } from './rooms.ts';

/**
 * What a room has for somebody who has read up to a mark. Nothing is counted as it happens: unread is
 * the difference of two places, and mentions are found among the newest entries, so that neither can
 * ever be wrong for long. Places count, not survivors: a deleted message was a message.
 */
export interface Unread {
  readonly head: number;
  /** The newest message, cut to a preview; absent when there is none among the newest entries. */
  readonly last?: WireEntry;
  /** Number of the last entry read. */
  readonly read: number;
  readonly unread: number;
  /** Messages after the mark that mention the user, among the newest entries. */
  readonly mentions: number;
  /** There are entries after the mark that were not looked at. */
  readonly mentions_more?: true;
}

export async function unreadOf(log: Log, room: string, member: Member): Promise<Unread> {
  const { user, read = UNREAD } = member;
  const [head] = await log.tail(room, 1);
  if (head === undefined) return { head: 0, read: read.seq, unread: 0, mentions: 0 };

  const behind = Math.max(0, head.seq - read.seq);
  const newest = [head, ...(await older(log, room, head, behind))];
  const last = newest.find(({ kind }) => kind === 'message');
  const mentions = newest.filter((entry) => entry.seq > read.seq && isMentioned(user, entry));
  return {
    head: head.seq,
    ...(last === undefined ? {} : { last: preview(last) }),
    read: read.seq,
    unread: Math.max(0, head.n - read.n),
    mentions: mentions.length,
    ...(behind > UNREAD_LOOK_MAX_COUNT ? { mentions_more: true } : {}),
  };
}

/** Entries before the head: those not read yet, and when the head is no message, whatever there is. */
async function older(log: Log, room: string, head: Entry, behind: number) {
  const wanted = head.kind === 'message' ? behind : UNREAD_LOOK_MAX_COUNT;
  const count = Math.min(wanted, UNREAD_LOOK_MAX_COUNT) - 1;
  return count > 0 ? log.tail(room, count, { before: head.seq }) : [];
}

function isMentioned(user: string, { said }: Entry): boolean {
  return said?.content.kind === 'message' && (said.content.mentions ?? []).includes(user);
}

/** A few words of it; what hangs on a message may be long, and is left to `history`. */
function preview(message: Entry): WireEntry {
  const { text = '', meta: _, reactions: __, ...shown } = toWire(message);
  return { ...shown, text: Array.from(text).slice(0, PREVIEW_MAX_CODE_POINTS).join('') };
}
