import type { ListMembersReply } from '../protocol/replies.ts';
import { ListFields, parseFields, refuse, type Refused } from '../protocol/requests.ts';
import type { AskedChange } from './core/change.ts';
import { plainHandler } from './core/change-handler.ts';
import { mutedSeconds } from './core/rooms.ts';

/** `list_members`: who is in a room, by name, page by page. */
async function judge(asked: AskedChange): Promise<ListMembersReply | Refused> {
  const { envelope, room, member, roster, now } = asked;
  if (member === undefined) return refuse(envelope, 'invalid_room_id');
  const frame = parseFields(ListFields, envelope);
  if ('refused' in frame) return frame;
  const { after, limit } = frame.fields;
  const found = await roster.members(room, after, limit + 1);
  const members = found.slice(0, limit).map((one) => ({
    user: one.user,
    role: one.role,
    ...(mutedSeconds(one, now) === undefined ? {} : { muted: true as const }),
  }));
  const { uuid } = envelope;
  const more = found.length > limit ? { more: true as const } : {};
  return { uuid, action: 'list_members', status: 'success', room, members, ...more };
}

export const handler = plainHandler('list_members', judge);
