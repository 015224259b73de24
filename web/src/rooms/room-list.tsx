/** The user's rooms, the last spoken in first; a search; the ways to more of them; and the user himself. */
import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';

import { Avatar } from '../controls/avatar.tsx';
import { Icon } from '../controls/icon.tsx';
import { IconButton } from '../controls/icon-button.tsx';
import { useLanguage } from '../language/language-context.ts';
import { useLiveChat } from '../live-chat.ts';
import { matchRooms } from './match-rooms.ts';
import { Menu, MenuItem } from '../controls/menu.tsx';
import { RoomItem } from './room-item.tsx';
import { useRoving } from '../controls/roving.ts';

export function RoomList(): JSX.Element {
  const { words } = useLanguage();
  const { rooms, ready, user } = useLiveChat();
  const [typed, setTyped] = useState('');
  const list = useRef<HTMLUListElement>(null);
  useRoving(list, { items: '.room-item', enter: 'first' });
  const found = matchRooms(words, rooms.value, typed, user.value);
  return (
    <nav class="rooms" aria-label={words.rooms.title}>
      <header class="rooms-header">
        <h1>Parley</h1>
        <AddMenu />
      </header>
      <label class="search">
        <Icon name="search" />
        <input
          type="search"
          aria-label={words.rooms.search}
          placeholder={words.rooms.search}
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
      </label>
      <ul class="room-items" ref={list}>
        {found.map((room) => (
          <li key={room.id}>
            <RoomItem room={room} />
          </li>
        ))}
      </ul>
      {ready.value && found.length === 0 ? (
        <p class="quiet rooms-none">{typed === '' ? words.rooms.none : words.rooms.noMatch}</p>
      ) : null}
      <UserFooter />
    </nav>
  );
}

function AddMenu(): JSX.Element {
  const { words } = useLanguage();
  const { dialog } = useLiveChat();
  const [at, setAt] = useState<HTMLElement>();
  const open = (name: 'create' | 'browse' | 'direct') => () => {
    setAt(undefined);
    dialog.value = { name };
  };
  return (
    <>
      <IconButton
        label={words.rooms.add}
        icon="add"
        aria-haspopup="menu"
        aria-expanded={at !== undefined}
        onClick={(event) => setAt(event.currentTarget)}
      />
      {at === undefined ? null : (
        <Menu at={at} label={words.rooms.add} onClose={() => setAt(undefined)}>
          <MenuItem onSelect={open('create')}>{words.rooms.create}</MenuItem>
          <MenuItem onSelect={open('browse')}>{words.rooms.browse}</MenuItem>
          <MenuItem onSelect={open('direct')}>{words.rooms.direct}</MenuItem>
        </Menu>
      )}
    </>
  );
}

function UserFooter(): JSX.Element {
  const { words } = useLanguage();
  const { user, connection, dialog, signOut } = useLiveChat();
  return (
    <footer class="rooms-footer">
      <Avatar user={user.value} online={connection.value.name === 'online'} />
      <span class="user-name">{user}</span>
      <IconButton
        label={words.settings.title}
        icon="settings"
        onClick={() => {
          dialog.value = { name: 'settings' };
        }}
      />
      <IconButton label={words.signIn.out} icon="signOut" onClick={() => signOut()} />
    </footer>
  );
}
