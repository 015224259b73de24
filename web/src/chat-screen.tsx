/**
 * The chat of who is signed in: rooms on one side, the open room on the other; on a phone one of them at a
 * time. Keys that work everywhere are here.
 */
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';

import { ConnectionBar } from './connection-bar.tsx';
import { Dialogs } from './dialogs/dialogs.tsx';
import { useLanguage } from './language/language-context.ts';
import { type LiveChat, useLiveChat } from './live-chat.ts';
import { RoomList } from './rooms/room-list.tsx';
import { RoomView } from './room/room-view.tsx';
import { useTitle } from './use-title.ts';

export function ChatScreen(): JSX.Element {
  const { words } = useLanguage();
  const live = useLiveChat();
  const room = live.route.room.value;
  useTitle();
  useGlobalKeys(live);
  useRefusedToken(live);
  return (
    <div class={room === undefined ? 'screen' : 'screen room-open'}>
      <ConnectionBar />
      <RoomList />
      {room === undefined ? (
        <main class="notice-screen">
          <p class="quiet">{live.ready.value ? words.rooms.choose : words.loading}</p>
        </main>
      ) : (
        <RoomView key={room} id={room} />
      )}
      <Dialogs />
    </div>
  );
}

function useGlobalKeys({ dialog }: LiveChat): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const isCommand = event.ctrlKey || event.metaKey;
      if (isCommand && event.key === 'k') {
        event.preventDefault();
        dialog.value = { name: 'switcher' };
      } else if (isCommand && event.key === 'i') {
        event.preventDefault();
        document.querySelector<HTMLElement>('.composer textarea')?.focus();
      } else if (event.key === '?' && !isTyping(event.target)) {
        dialog.value = { name: 'shortcuts' };
      }
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, [dialog]);
}

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLInputElement ||
  target instanceof HTMLTextAreaElement ||
  target instanceof HTMLSelectElement;

/** A token that is no good any more leads back to the sign-in, which says so. */
function useRefusedToken({ connection, signOut }: LiveChat): void {
  const { value } = connection;
  const refused = value.name === 'failed' && value.code === 'invalid_token';
  useEffect(() => {
    if (refused) signOut('refused');
  }, [refused]);
}
