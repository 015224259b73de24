/** The public rooms, page by page, to join or to open. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import type { PublicRoom } from '../../../client/index.ts';
import { Dialog } from './dialog.tsx';
import { useLanguage } from '../language/language-context.ts';
import { useLiveChat } from '../live-chat.ts';
import { RefusalText } from '../refusal-text.tsx';
import { type Action, useAction } from '../use-action.ts';

export function BrowseDialog({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const { words } = useLanguage();
  const action = useAction();
  const { found, more, load } = usePublicRooms(action);
  useEffect(load, []);
  return (
    <Dialog title={words.browse.title} onClose={onClose}>
      {found?.length === 0 ? <p class="quiet">{words.browse.none}</p> : null}
      <ul class="plain-list">
        {found?.map((room) => (
          <PublicRoomItem key={room.id} room={room} onClose={onClose} />
        ))}
      </ul>
      {action.busy ? <p class="quiet">{words.loading}</p> : null}
      {more ? (
        <button type="button" class="button" onClick={load}>
          {words.more}
        </button>
      ) : null}
      <RefusalText refusal={action.refusal} />
    </Dialog>
  );
}

function usePublicRooms(action: Action) {
  const { chat } = useLiveChat();
  const [found, setFound] = useState<readonly PublicRoom[]>();
  const [more, setMore] = useState(false);
  const load = () => {
    void action.run(async () => {
      const outcome = await chat.publicRooms(found?.at(-1)?.id);
      if (outcome.ok) {
        setFound([...(found ?? []), ...outcome.rooms]);
        setMore(outcome.more);
      }
      return outcome;
    });
  };
  return { found, more, load };
}

interface PublicRoomItemProps {
  readonly room: PublicRoom;
  readonly onClose: () => void;
}

function PublicRoomItem({ room, onClose }: PublicRoomItemProps): JSX.Element {
  const { words } = useLanguage();
  const { chat, rooms, route } = useLiveChat();
  const action = useAction();
  const isIn = rooms.value.some(({ id }) => id === room.id);
  const open = async () => {
    if (!isIn && !(await action.run(() => chat.join(room.id)))) return;
    route.go(room.id);
    onClose();
  };
  const label = isIn ? words.browse.openNamed(room.name) : words.browse.joinNamed(room.name);
  return (
    <li>
      <span class="plain-name" dir="auto">
        {room.name}
      </span>
      <button
        type="button"
        class={isIn ? 'button' : 'button primary'}
        aria-label={label}
        disabled={action.busy}
        onClick={() => void open()}
      >
        {isIn ? words.browse.open : words.browse.join}
      </button>
      <RefusalText refusal={action.refusal} />
    </li>
  );
}
