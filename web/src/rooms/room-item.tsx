/** One room of the list: what it is called, what was said last, and what one has missed. */
import type { JSX } from 'preact';

import type { RoomSummary } from '../../../client/index.ts';
import { useLanguage } from '../language/language-context.ts';
import { useLiveChat } from '../live-chat.ts';
import { isOtherOnline, RoomIcon } from './room-icon.tsx';
import { roomTitle } from './room-title.ts';
import { roomHref } from '../route.ts';
import type { Words } from '../language/words.ts';

export function RoomItem({ room }: { readonly room: RoomSummary }): JSX.Element {
  const { words, dates } = useLanguage();
  const { route, user } = useLiveChat();
  const { id, last, unread, mentions } = room;
  return (
    <a
      class={unread > 0 ? 'room-item unread' : 'room-item'}
      href={roomHref(id)}
      tabIndex={-1}
      aria-current={route.room.value === id ? 'page' : undefined}
    >
      <RoomIcon room={room} />
      <span class="room-item-name" dir="auto">
        {roomTitle(words, room, user.value)}
      </span>
      {last === undefined ? null : (
        <time class="room-item-time" dateTime={new Date(last.time).toISOString()}>
          {dates.brief(last.time)}
        </time>
      )}
      <span class="room-item-preview" dir="auto">
        {previewOf(words, room, user.value)}
      </span>
      <span class="badges">
        {mentions > 0 ? (
          <span class="badge mention" role="img" aria-label={words.rooms.mentions(mentions)}>
            @
          </span>
        ) : null}
        {unread > 0 ? (
          <span class="badge" role="img" aria-label={words.rooms.unread(unread)}>
            {dates.number(unread)}
          </span>
        ) : null}
      </span>
      <span class="hidden">{presenceOf(words, room)}</span>
    </a>
  );
}

function previewOf(words: Words, { kind, last, online }: RoomSummary, me: string): string {
  if (last === undefined) return kind === 'direct' ? '' : words.rooms.online(online);
  if (last.deleted) return words.rooms.deleted;
  if (last.user === me) return words.rooms.preview(words.rooms.you, last.text);
  return kind === 'direct' ? last.text : words.rooms.preview(last.user, last.text);
}

/** For those who do not see the dot, where the preview does not say it. */
function presenceOf(words: Words, room: RoomSummary): string {
  if (room.kind !== 'direct') return room.last === undefined ? '' : words.rooms.online(room.online);
  return isOtherOnline(room) ? words.presence.online : words.presence.offline;
}
