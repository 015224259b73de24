/** The title of the window: what is unread in all rooms, and the open room. */
import { useEffect } from 'preact/hooks';

import { useLanguage } from './language/language-context.ts';
import { useLiveChat } from './live-chat.ts';
import { roomTitle } from './rooms/room-title.ts';

export function useTitle(): void {
  const { words } = useLanguage();
  const { rooms, route, user } = useLiveChat();
  const unread = rooms.value.reduce((sum, room) => sum + room.unread, 0);
  const open = rooms.value.find(({ id }) => id === route.room.value);
  const name = open === undefined ? 'Parley' : `${roomTitle(words, open, user.value)} · Parley`;
  const title = unread > 0 ? `(${unread}) ${name}` : name;
  useEffect(() => {
    document.title = title;
  }, [title]);
}
