/** Who is in the room, who is there now, and what those who may can do about a member. */
import type { JSX, RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

import { isAtLeast } from '../../../protocol/roles.ts';
import type { Room } from '../../../client/index.ts';
import { IconButton } from '../controls/icon-button.tsx';
import { useLanguage } from '../language/language-context.ts';
import { useLiveChat } from '../live-chat.ts';
import { MemberRow } from './member-row.tsx';
import { RefusalText } from '../refusal-text.tsx';
import { useRoving } from '../controls/roving.ts';
import { useMembers } from './use-members.ts';
import { useRoom } from './use-room.ts';

export function MembersPanel({ room: { id } }: { readonly room: Room }): JSX.Element {
  const { words } = useLanguage();
  const { dialog, membersShown } = useLiveChat();
  const room = useRoom(id, 'change', 'presence');
  const members = useMembers(room);
  const list = useRef<HTMLUListElement>(null);
  useRoving(list, { items: '.member', enter: 'first' });
  useEffect(() => members.want(), [room]);
  const aside = useRef<HTMLElement>(null);
  useFocusWhileOver(aside);
  const { role = 'read-only', kind } = room.summary ?? {};
  const mayInvite = isAtLeast(role, kind === 'public' ? 'member' : 'moderator');
  return (
    <aside
      ref={aside}
      class="members"
      aria-label={words.members.title}
      onKeyDown={(event) => {
        if (event.key === 'Escape') membersShown.value = false;
      }}
    >
      <header class="members-header">
        <h2>{words.members.title}</h2>
        <IconButton
          label={words.members.hide}
          icon="close"
          onClick={() => {
            membersShown.value = false;
          }}
        />
      </header>
      {mayInvite ? (
        <button
          type="button"
          class="button wide"
          onClick={() => {
            dialog.value = { name: 'invite', room: id };
          }}
        >
          {words.members.invite}
        </button>
      ) : null}
      <ul ref={list}>
        {members.list.map((member) => (
          <MemberRow
            key={member.user}
            member={{ ...member, ...room.presence.get(member.user) }}
            room={room}
            onChanged={members.reload}
          />
        ))}
      </ul>
      {members.complete || members.list.length === 0 ? null : (
        <button type="button" class="button wide" onClick={members.loadMore}>
          {words.more}
        </button>
      )}
      <RefusalText refusal={members.action.refusal} />
    </aside>
  );
}

/** Where the panel lies over the room, the focus goes there, and back when it is closed. */
function useFocusWhileOver(aside: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const { current: panel } = aside;
    if (panel === null || getComputedStyle(panel).position !== 'fixed') return undefined;
    const before = document.activeElement;
    panel.querySelector('button')?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
}
