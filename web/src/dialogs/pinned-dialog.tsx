/** The pinned messages of a room, each a way to where it was said. */
import type { JSX } from 'preact';

import type { Message } from '../../../client/index.ts';
import { Dialog } from './dialog.tsx';
import { useLanguage } from '../language/language-context.ts';
import { useRoom } from '../room/use-room.ts';

export interface PinnedDialogProps {
  readonly room: string;
  /** Brings a message into view. */
  readonly show: (seq: number) => void;
  readonly onClose: () => void;
}

export function PinnedDialog({ room: id, show, onClose }: PinnedDialogProps): JSX.Element {
  const { words, dates } = useLanguage();
  const { pinned } = useRoom(id, 'change');
  const open = ({ seq }: Message) => {
    onClose();
    if (seq !== undefined) show(seq);
  };
  return (
    <Dialog title={words.room.pinned} onClose={onClose}>
      {pinned.length === 0 ? <p class="quiet">{words.room.noPinned}</p> : null}
      <ul class="plain-list">
        {pinned.map((message) => (
          <li key={message.key}>
            <button type="button" class="pinned-item" onClick={() => open(message)}>
              <strong>{message.user}</strong> <time>{dates.brief(message.time)}</time>
              <span class="excerpt" dir="auto">
                {message.text}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
