import type { RoomKind } from '../../protocol/room-kinds.ts';
import { isAtLeast, type Role } from '../../protocol/roles.ts';

/**
 * Who may do what to whom in a room. Pure: the rows it is asked about are read by others, and what it
 * allows is written under the condition that these rows are still as they were.
 */
export type Governed =
  | 'leave'
  | 'invite'
  | 'kick'
  | 'ban'
  | 'unban'
  | 'mute'
  | 'set_role'
  | 'rename_room'
  | 'set_slow_mode';

/** The least role that may, in a room that is not public. */
const LEAST: Readonly<Record<Governed, Role>> = {
  leave: 'read-only',
  invite: 'moderator',
  kick: 'moderator',
  ban: 'moderator',
  unban: 'moderator',
  mute: 'moderator',
  rename_room: 'moderator',
  set_slow_mode: 'moderator',
  set_role: 'owner',
};

/** A direct room is as it is: its two people, no name, no ranks. */
export function mayDo(action: Governed, role: Role, kind: RoomKind): boolean {
  if (kind === 'direct') return false;
  const least = action === 'invite' && kind === 'public' ? 'member' : LEAST[action];
  return isAtLeast(role, least);
}

/** An owner may act on everybody, a moderator on those below; whether it is himself is asked apart. */
export const mayActOn = (actor: Role, target: Role): boolean =>
  actor === 'owner' || (actor === 'moderator' && !isAtLeast(target, 'moderator'));
