/** What can be asked of a room beyond reading and writing: each is one frame, and comes to an outcome. */
import type { Frame, Line } from '../connection/line.ts';
import type { Outcome } from '../outcome.ts';
import type { Room } from './room.ts';

export type RoomActions = Pick<
  Room,
  | 'edit'
  | 'remove'
  | 'react'
  | 'pin'
  | 'invite'
  | 'kick'
  | 'ban'
  | 'unban'
  | 'mute'
  | 'setRole'
  | 'rename'
  | 'setSlowMode'
>;

/** Without the reply, which says no more than that it is done. */
export async function outcomeOf(ask: Line['ask'], frame: Frame): Promise<Outcome> {
  const answer = await ask(frame);
  return answer.ok ? { ok: true } : answer;
}

export function createRoomActions(room: string, ask: Line['ask']): RoomActions {
  const act = (action: Frame['action'], fields: object = {}) =>
    outcomeOf(ask, { ...fields, action, room });
  return {
    edit: (target, text, mentions) =>
      act('edit_message', { target, text, ...(mentions === undefined ? {} : { mentions }) }),
    remove: (target) => act('delete_message', { target }),
    react: (target, emoji, on) => act('react', { target, emoji, ...(on ? {} : { remove: true }) }),
    pin: (target, pinned) => act('pin', { target, pinned }),
    invite: (user) => act('invite', { user }),
    kick: (user) => act('kick', { user }),
    ban: (user) => act('ban', { user }),
    unban: (user) => act('unban', { user }),
    mute: (user, seconds) => act('mute', { user, seconds }),
    setRole: (user, role) => act('set_role', { user, role }),
    rename: (name) => act('rename_room', { name }),
    setSlowMode: (seconds) => act('set_slow_mode', { seconds }),
  };
}
