/** The way back to the newest message, for who reads further up, with what has come meanwhile. */
import type { JSX } from 'preact';

import type { Room } from '../../../client/index.ts';
import { Icon } from '../controls/icon.tsx';
import { useLanguage } from '../language/language-context.ts';

export interface LatestButtonProps {
  readonly room: Room;
  readonly atEnd: boolean;
  readonly onLatest: () => void;
}

export function LatestButton({ room, atEnd, onLatest }: LatestButtonProps): JSX.Element | null {
  const { words, dates } = useLanguage();
  if ((atEnd && room.atEnd) || room.messages.length === 0) return null;
  const { unread } = room;
  const label = unread > 0 ? words.timeline.latestWith(unread) : words.timeline.latest;
  return (
    <button type="button" class="latest" aria-label={label} title={label} onClick={onLatest}>
      <Icon name="down" />
      {unread > 0 ? <span class="badge">{dates.number(unread)}</span> : null}
    </button>
  );
}
