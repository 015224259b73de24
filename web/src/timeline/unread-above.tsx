/** Tells of unread messages further up than what is loaded, and leads there. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type { Room } from '../../../client/index.ts';
import { useLanguage } from '../language/language-context.ts';

export interface UnreadAboveProps {
  readonly room: Room;
  /** The seq behind which the unread ones begin. */
  readonly after: number | undefined;
  readonly onShow: (seq: number) => void;
}

export function UnreadAbove({ room, after, onShow }: UnreadAboveProps): JSX.Element | null {
  const { words } = useLanguage();
  // As many as there were at first: they are read one by one while one looks for them.
  const [count] = useState(room.unread);
  const [done, setDone] = useState(false);
  const first = room.messages[0]?.seq;
  const isAbove = first !== undefined && after !== undefined && !room.atStart && first > after + 1;
  if (!isAbove || done || count === 0) return null;
  return (
    <button
      type="button"
      class="unread-above"
      onClick={() => {
        setDone(true);
        onShow(after + 1);
      }}
    >
      {words.timeline.jumpToUnread(count)}
    </button>
  );
}
