/**
 * A room as the list of rooms shows it: begun by what the server lists, kept current by what is heard.
 * Pure.
 */
import type { Entry } from '../../protocol/entry.ts';
import { PREVIEW_MAX_CODE_POINTS } from '../../protocol/limits.ts';
import type { ListedRoom } from '../../protocol/list-replies.ts';
import { fold } from '../log/fold.ts';
import { toMs } from '../log/message.ts';
import type { RoomSummary } from './room.ts';
import {
  hearUnread,
  listedUnread,
  mark,
  mentionCount,
  type Unread,
  unreadCount,
} from './unread.ts';

/** What is known of a room that the user is in. */
export interface Standing {
  readonly listed: ListedRoom;
  readonly last: Entry | undefined;
  readonly unread: Unread;
}

/** A list is newer than what was known, but for a mark that has moved on here and is on its way. */
export function list(before: Standing | undefined, listed: ListedRoom): Standing {
  const unread = listedUnread(listed);
  return {
    listed,
    last: listed.last,
    unread: before === undefined ? unread : mark(unread, before.unread.read, before.unread.readN),
  };
}

/** Takes an entry of the room; what came before is known already. */
export function hearStanding(standing: Standing, entry: Entry, me: string | undefined): Standing {
  if (entry.seq <= standing.unread.head) return standing;
  const { listed, last } = standing;
  return {
    ...standing,
    listed: renamed(listed, entry, me),
    last: entry.kind === 'message' ? entry : last && fold(last, entry),
    unread: hearUnread(standing.unread, entry, me),
  };
}

function renamed(listed: ListedRoom, entry: Entry, me: string | undefined): ListedRoom {
  const { kind, name, role, member } = entry;
  if (kind === 'rename' && name !== undefined) return { ...listed, name };
  return kind === 'role' && role !== undefined && member === me ? { ...listed, role } : listed;
}

export function toSummary({ listed, last, unread }: Standing): RoomSummary {
  const { id, name, kind, other, role, online } = listed;
  return {
    id,
    name,
    kind,
    role,
    online,
    last: last && preview(last),
    unread: unreadCount(unread),
    mentions: mentionCount(unread),
    ...(other === undefined ? {} : { other }),
  };
}

const preview = ({ user, text = '', timestamp, deleted }: Entry) => ({
  user: user.username,
  text: Array.from(text).slice(0, PREVIEW_MAX_CODE_POINTS).join(''),
  time: toMs(timestamp),
  deleted: deleted !== undefined,
});

/** So many people are there. */
export const withOnline = (standing: Standing, online: number): Standing =>
  standing.listed.online === online
    ? standing
    : { ...standing, listed: { ...standing.listed, online } };

/** Read up to there, here or on another device; `n` is the place there, when it is known. */
export const withMark = (standing: Standing, seq: number, n: number | undefined): Standing => {
  const unread = mark(standing.unread, seq, n);
  return unread === standing.unread ? standing : { ...standing, unread };
};

/** The last spoken in first; rooms where nobody has spoken last, by name. */
export const byLastSpoken = (a: RoomSummary, b: RoomSummary): number =>
  (b.last?.time ?? 0) - (a.last?.time ?? 0) || (a.name < b.name ? -1 : 1);
