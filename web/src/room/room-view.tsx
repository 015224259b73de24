/** The open room: its header, what was said in it, the box to write in, and beside it its members. */
import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';

import type { Message, Room } from '../../../client/index.ts';
import { Announcer } from '../announcer.tsx';
import { Composer } from '../composer/composer.tsx';
import type { Composing } from '../composer/composing.ts';
import { useLanguage } from '../language/language-context.ts';
import { useLiveChat } from '../live-chat.ts';
import { MembersPanel } from './members-panel.tsx';
import { RefusalText } from '../refusal-text.tsx';
import { RoomHeader } from './room-header.tsx';
import { roomTitle } from '../rooms/room-title.ts';
import { Timeline, type Wanted } from '../timeline/timeline.tsx';
import { TypingLine } from './typing-line.tsx';
import { useAction } from '../use-action.ts';
import { useRoom } from './use-room.ts';

export function RoomView({ id }: { readonly id: string }): JSX.Element {
  const { words } = useLanguage();
  const { rooms, ready } = useLiveChat();
  const room = useRoom(id);
  const isIn = rooms.value.some((summary) => summary.id === id);
  if (isIn) return <JoinedRoom room={room} />;
  return (
    <main class="notice-screen">
      {ready.value ? <ForeignRoom id={id} /> : <p class="quiet">{words.loading}</p>}
    </main>
  );
}

function JoinedRoom({ room }: { readonly room: Room }): JSX.Element {
  const { words } = useLanguage();
  const { user, membersShown } = useLiveChat();
  const [composing, setComposing] = useState<Composing>({ kind: 'new' });
  const [wanted, setWanted] = useState<Wanted>();
  const handlers = useMemo(
    () => ({
      show: (seq: number) => setWanted({ seq }),
      reply: (message: Message) => setComposing({ kind: 'reply', message }),
      edit: (message: Message) => setComposing({ kind: 'edit', message }),
    }),
    [],
  );
  const title = roomTitle(words, room.summary, user.value);
  return (
    <>
      <main class="room" aria-label={title}>
        <RoomHeader room={room} onShow={handlers.show} />
        <Timeline room={room} wanted={wanted} handlers={handlers} />
        <TypingLine room={room} />
        <Composer
          room={room}
          composing={composing}
          onComposing={setComposing}
          onLatest={() => setWanted({ seq: 'latest' })}
        />
        <Announcer room={room} />
      </main>
      {membersShown.value && room.summary?.kind !== 'direct' ? <MembersPanel room={room} /> : null}
    </>
  );
}

/** A room that one is not in: when it is public, the way in. */
function ForeignRoom({ id }: { readonly id: string }): JSX.Element {
  const { words } = useLanguage();
  const { chat, route } = useLiveChat();
  const action = useAction();
  return (
    <div>
      <p class="quiet">{words.rooms.gone}</p>
      <div class="form-buttons">
        <button type="button" class="button" onClick={() => route.go(undefined)}>
          {words.back}
        </button>
        <button
          type="button"
          class="button primary"
          disabled={action.busy}
          onClick={() => void action.run(() => chat.join(id))}
        >
          {words.rooms.join}
        </button>
      </div>
      <RefusalText refusal={action.refusal} />
    </div>
  );
}
