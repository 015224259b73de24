/** What one may do about a member: speak with him; and for those who may, his role, and the way out. */
import type { JSX } from 'preact';

import { isAtLeast, ROLES } from '../../../protocol/roles.ts';
import type { Member, Outcome, Room, RoomSummary } from '../../../client/index.ts';
import { useLanguage } from '../language/language-context.ts';
import { useLiveChat } from '../live-chat.ts';
import { Menu, MenuItem } from '../controls/menu.tsx';
import type { Action } from '../use-action.ts';

export interface MemberMenuProps {
  readonly at: HTMLElement;
  readonly member: Member;
  readonly room: Room;
  readonly action: Action;
  readonly onChanged: () => void;
  readonly onClose: () => void;
}

export function MemberMenu(props: MemberMenuProps): JSX.Element {
  const { at, member, room, action, onChanged, onClose } = props;
  const { words } = useLanguage();
  const { chat, dialog, route, user: me } = useLiveChat();
  const { user, role, muted } = member;
  const own = room.summary?.role ?? 'read-only';
  const asks = (ask: () => Promise<Outcome>) => () => {
    onClose();
    void action.run(ask).then((ok) => ok && onChanged());
  };
  const openDirect = asks(async () => {
    const outcome = await chat.openDirect(user);
    if (outcome.ok) route.go(outcome.room);
    return outcome;
  });
  const confirm = (what: 'kick' | 'ban') => () => {
    onClose();
    dialog.value = {
      name: 'confirm',
      title: words.members[`${what}Title`](user),
      hint: words.members[`${what}Hint`],
      confirm: words.members[`${what}Confirm`],
      ask: () => room[what](user),
    };
  };
  const mute = () => {
    onClose();
    dialog.value = { name: 'mute', room: room.id, user };
  };
  return (
    <Menu at={at} label={words.members.menu(user)} onClose={onClose}>
      <MenuItem onSelect={openDirect}>
        {user === me.value ? words.rooms.notes : words.members.message}
      </MenuItem>
      {own === 'owner'
        ? ROLES.filter((each) => each !== role).map((each) => (
            <MenuItem key={each} onSelect={asks(() => room.setRole(user, each))}>
              {words.members.role(words.roles[each])}
            </MenuItem>
          ))
        : null}
      {mayActOn(own, role) && user !== me.value ? (
        <>
          {muted ? (
            <MenuItem onSelect={asks(() => room.mute(user, 0))}>{words.members.unmute}</MenuItem>
          ) : (
            <MenuItem onSelect={mute}>{words.members.mute}</MenuItem>
          )}
          <MenuItem danger onSelect={confirm('kick')}>
            {words.members.kick}
          </MenuItem>
          <MenuItem danger onSelect={confirm('ban')}>
            {words.members.ban}
          </MenuItem>
        </>
      ) : null}
    </Menu>
  );
}

/** Owners act on everybody, moderators on those below them. */
const mayActOn = (own: RoomSummary['role'], other: RoomSummary['role']) =>
  own === 'owner' || (own === 'moderator' && !isAtLeast(other, 'moderator'));
