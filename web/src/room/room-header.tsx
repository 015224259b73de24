/** What room this is, who is there, and what can be done about it. */
import type { JSX } from 'preact';

import type { Room } from '../../../client/index.ts';
import { IconButton } from '../controls/icon-button.tsx';
import { useLanguage } from '../language/language-context.ts';
import type { Language } from '../language/languages.ts';
import { useLiveChat } from '../live-chat.ts';
import { isOtherOnline, RoomIcon } from '../rooms/room-icon.tsx';
import { roomTitle } from '../rooms/room-title.ts';
import { useRoom } from './use-room.ts';

export interface RoomHeaderProps {
  readonly room: Room;
  readonly onShow: (seq: number) => void;
}

export function RoomHeader({ room: { id }, onShow }: RoomHeaderProps): JSX.Element {
  const { words } = useLanguage();
  const { dialog, membersShown, rooms, route, user } = useLiveChat();
  const room = useRoom(id, 'change', 'presence');
  const summary = rooms.value.find((one) => one.id === id);
  const isDirect = summary?.kind === 'direct';
  return (
    <header class="room-header">
      <IconButton
        label={words.back}
        icon="back"
        class="icon-button to-rooms"
        onClick={() => route.go(undefined)}
      />
      {summary === undefined ? null : <RoomIcon room={summary} />}
      <div class="room-heading">
        <h1 dir="auto">{roomTitle(words, summary, user.value)}</h1>
        <Presence room={room} />
      </div>
      {room.pinned.length === 0 ? null : (
        <IconButton
          label={words.room.pinned}
          icon="pin"
          aria-haspopup="dialog"
          onClick={() => {
            dialog.value = { name: 'pinned', room: id, show: onShow };
          }}
        />
      )}
      {isDirect ? null : (
        <>
          <IconButton
            label={words.members.show}
            icon="members"
            aria-expanded={membersShown.value}
            onClick={() => {
              membersShown.value = !membersShown.value;
            }}
          />
          <IconButton
            label={words.room.settings}
            icon="settings"
            aria-haspopup="dialog"
            onClick={() => {
              dialog.value = { name: 'room-settings', room: id };
            }}
          />
        </>
      )}
    </header>
  );
}

function Presence({ room }: { readonly room: Room }): JSX.Element {
  const language = useLanguage();
  const { rooms, user } = useLiveChat();
  const summary = rooms.value.find(({ id }) => id === room.id);
  if (summary?.kind !== 'direct') {
    return <p class="quiet">{language.words.rooms.online(summary?.online ?? 0)}</p>;
  }
  if (summary.other === user.value) return <p class="quiet" />;
  const presence = room.presence.get(summary.other ?? '');
  return (
    <p class="quiet">
      {presenceText(language, presence ?? { online: isOtherOnline(summary) ? 1 : 0 })}
    </p>
  );
}

/** `lastSeen` is in seconds. */
export function presenceText(
  { words, dates }: Language,
  { online, lastSeen }: { readonly online: number; readonly lastSeen?: number },
): string {
  if (online > 0) return words.presence.online;
  if (lastSeen === undefined) return words.presence.offline;
  return words.presence.lastSeen(dates.ago(lastSeen * 1_000));
}
