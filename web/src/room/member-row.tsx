/** One member: whether he is there, what he may, and a menu of what one may do about him. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type { Member, Room } from '../../../client/index.ts';
import { Avatar } from '../controls/avatar.tsx';
import { Icon } from '../controls/icon.tsx';
import { useLanguage } from '../language/language-context.ts';
import { useLiveChat } from '../live-chat.ts';
import { MemberMenu } from './member-menu.tsx';
import { RefusalText } from '../refusal-text.tsx';
import { presenceText } from './room-header.tsx';
import { useAction } from '../use-action.ts';

export interface MemberRowProps {
  readonly member: Member;
  readonly room: Room;
  /** Something about the members has changed. */
  readonly onChanged: () => void;
}

export function MemberRow({ member, room, onChanged }: MemberRowProps): JSX.Element {
  const language = useLanguage();
  const { words } = language;
  const { user: me } = useLiveChat();
  const [at, setAt] = useState<HTMLElement>();
  const action = useAction();
  const { user, role, muted, online } = member;
  const marks = [
    role === 'member' ? '' : words.roles[role],
    user === me.value ? words.members.you : '',
    muted ? words.members.muted : '',
  ].filter(Boolean);
  return (
    <li>
      <button
        type="button"
        class="member"
        tabIndex={-1}
        aria-haspopup="menu"
        aria-expanded={at !== undefined}
        title={words.members.menu(user)}
        onClick={(event) => setAt(at === undefined ? event.currentTarget : undefined)}
      >
        <Avatar user={user} online={online > 0} />
        <span class="member-name">
          {user}
          {marks.length === 0 ? null : <small> {marks.join(' · ')}</small>}
        </span>
        <span class="member-presence">{presenceText(language, member)}</span>
        <Icon name="more" />
      </button>
      {at === undefined ? null : (
        <MemberMenu
          at={at}
          member={member}
          room={room}
          action={action}
          onChanged={onChanged}
          onClose={() => setAt(undefined)}
        />
      )}
      {action.refusal === undefined ? null : <RefusalText refusal={action.refusal} />}
    </li>
  );
}
