/** Goes to a room by a few letters of its name, without leaving the keyboard. */
import type { JSX } from 'preact';
import { useId, useState } from 'preact/hooks';

import { Dialog } from './dialog.tsx';
import { useLanguage } from '../language/language-context.ts';
import { useLiveChat } from '../live-chat.ts';
import { matchRooms } from '../rooms/match-rooms.ts';
import { RoomIcon } from '../rooms/room-icon.tsx';
import { roomTitle } from '../rooms/room-title.ts';

/** Rooms offered at once. */
const OFFERED_MAX_COUNT = 8;

export function SwitcherDialog({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const { words } = useLanguage();
  const { rooms, route, user } = useLiveChat();
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState(0);
  const id = useId();
  const found = matchRooms(words, rooms.value, typed, user.value).slice(0, OFFERED_MAX_COUNT);
  const at = Math.min(chosen, found.length - 1);
  const go = (room: string | undefined) => {
    if (room === undefined) return;
    onClose();
    route.go(room);
  };
  const pressed = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    setChosen((at + step + found.length) % Math.max(1, found.length));
  };
  return (
    <Dialog title={words.switcher.title} onClose={onClose}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          go(found[at]?.id);
        }}
      >
        <input
          type="text"
          role="combobox"
          aria-label={words.switcher.label}
          aria-expanded={found.length > 0}
          aria-controls={id}
          aria-activedescendant={found.length > 0 ? `${id}-${at}` : undefined}
          autocomplete="off"
          spellcheck={false}
          value={typed}
          onInput={(event) => {
            setTyped(event.currentTarget.value);
            setChosen(0);
          }}
          onKeyDown={pressed}
        />
        <ul class="options" role="listbox" id={id} aria-label={words.rooms.title}>
          {found.map((room, index) => (
            <li
              key={room.id}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === at}
              onClick={() => go(room.id)}
            >
              <RoomIcon room={room} />
              <span dir="auto">{roomTitle(words, room, user.value)}</span>
            </li>
          ))}
        </ul>
        {found.length === 0 ? <p class="quiet">{words.rooms.noMatch}</p> : null}
      </form>
    </Dialog>
  );
}
