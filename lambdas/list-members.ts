import { ONLINE_COUNT_MAX } from '../protocol/limits.ts';
import type { ListMembersReply } from '../protocol/replies.ts';
import { ListFields, parseFields, refuse, type Refused } from '../protocol/requests.ts';
import { createDynamoDb } from './core/aws/dynamodb.ts';
import type { AskedChange } from './core/change.ts';
import { plainHandler } from './core/change-handler.ts';
import { createLastSeen } from './core/last-seen.ts';
import { createOccupancy, devicesByUser } from './core/occupancy.ts';
import { mutedSeconds } from './core/rooms.ts';
import { variable } from './environment.ts';

const connections = { db: createDynamoDb(), table: variable('connections') };
const occupancy = createOccupancy({ ...connections, atMost: ONLINE_COUNT_MAX });
const lastSeen = createLastSeen(connections);

/**
 * `list_members`: who is in a room, by name, page by page; who of them is there, or when they last
 * were; and but in a public room, how far each has read.
 */
async function judge(asked: AskedChange): Promise<ListMembersReply | Refused> {
  const { envelope, room, member, found, roster, now } = asked;
  if (member === undefined) return refuse(envelope, 'invalid_room_id');
  const frame = parseFields(ListFields, envelope);
  if ('refused' in frame) return frame;
  const { after, limit } = frame.fields;
  const [listed, occupants] = await Promise.all([
    roster.members(room, after, limit + 1),
    // Consistent, so that what a viewer is told from now on is never older than this.
    occupancy(room, { consistent: true }),
  ]);
  const devices = devicesByUser(occupants);
  const page = listed.slice(0, limit);
  const seen = await lastSeen.of(page.flatMap(({ user }) => (devices.has(user) ? [] : [user])));
  const members = page.map((one) => {
    const online = devices.get(one.user);
    const seenAt = seen.get(one.user);
    return {
      user: one.user,
      role: one.role,
      ...(mutedSeconds(one, now) === undefined ? {} : { muted: true as const }),
      ...(online === undefined ? {} : { online }),
      ...(seenAt === undefined ? {} : { last_seen: seenAt / 1_000 }),
      ...(found?.kind === 'public' || one.read === undefined ? {} : { read: one.read.seq }),
    };
  });
  const { uuid } = envelope;
  const more = listed.length > limit ? { more: true as const } : {};
  return { uuid, action: 'list_members', status: 'success', room, members, ...more };
}

export const handler = plainHandler('list_members', judge);
