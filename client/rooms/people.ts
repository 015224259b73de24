/** Who is in a room and how far each has read, as far as told. Pure. */
import type { ListMembersReply } from '../../protocol/list-replies.ts';
import { PRESENCE_MAX_CONNECTIONS } from '../../protocol/limits.ts';
import type { PresenceFrame, ReceiptsFrame } from '../../protocol/pushed.ts';
import type { Member, Presence } from './room.ts';

/** People of a room that are remembered: the server itself tells of no more. */
const PEOPLE_MAX_COUNT = PRESENCE_MAX_CONNECTIONS;

export interface People {
  readonly presence: ReadonlyMap<string, Presence>;
  readonly readBy: ReadonlyMap<string, number>;
}

export const NOBODY: People = { presence: new Map(), readBy: new Map() };

export const toMember = (member: ListMembersReply['members'][number]): Member => ({
  user: member.user,
  role: member.role,
  muted: member.muted ?? false,
  ...toPresence(member),
  ...(member.read === undefined ? {} : { read: member.read }),
});

const toPresence = (told: { readonly online?: number; readonly last_seen?: number }): Presence => ({
  online: told.online ?? 0,
  ...(told.last_seen === undefined ? {} : { lastSeen: told.last_seen }),
});

export function hearPresence(people: People, { people: told }: PresenceFrame): People {
  const presence = new Map(people.presence);
  for (const one of told) put(presence, one.user, toPresence(one));
  return { ...people, presence };
}

export function hearReceipts(
  people: People,
  { read }: ReceiptsFrame,
  me: string | undefined,
): People {
  return { ...people, readBy: further(people.readBy, read, me) };
}

/** A list that was asked for when `before` was known: what was told since is newer. */
export function listPeople(
  people: People,
  before: People,
  { members }: ListMembersReply,
  me: string | undefined,
): People {
  const presence = new Map(people.presence);
  for (const member of members) {
    const { user } = member;
    if (presence.get(user) === before.presence.get(user)) put(presence, user, toPresence(member));
  }
  const marks = members.map(({ user, read = 0 }) => ({ user, seq: read }));
  return { presence, readBy: further(people.readBy, marks, me) };
}

function further(
  readBy: People['readBy'],
  marks: readonly { readonly user: string; readonly seq: number }[],
  me: string | undefined,
) {
  const next = new Map(readBy);
  for (const { user, seq } of marks) {
    if (user !== me && seq > (next.get(user) ?? 0)) put(next, user, seq);
  }
  return next;
}

/** People with a connection. */
export const onlineCount = ({ presence }: People): number =>
  [...presence.values()].filter(({ online }) => online > 0).length;

function put<Value>(map: Map<string, Value>, user: string, value: Value): void {
  if (map.has(user) || map.size < PEOPLE_MAX_COUNT) map.set(user, value);
}
