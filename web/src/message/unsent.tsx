/** A message that is not sent yet, or was refused: why, and what to do about it. */
import type { JSX } from 'preact';

import type { Message, Room } from '../../../client/index.ts';
import { useLanguage } from '../language/language-context.ts';
import { refusalWords } from '../refusal-text.tsx';

export interface UnsentProps {
  readonly message: Message;
  readonly room: Room;
}

export function Unsent({ message, room }: UnsentProps): JSX.Element {
  const language = useLanguage();
  const { words } = language;
  const { uuid, state, code = 'unknown' } = message;
  if (state === 'sending') return <p class="sending-mark">{words.message.sending}</p>;
  return (
    <div class="failed-mark" role="alert">
      <span>
        {words.message.failed} {refusalWords(language, { code })}
      </span>
      <button type="button" tabIndex={-1} class="link" onClick={() => room.retry(uuid)}>
        {words.retry}
      </button>
      <button type="button" tabIndex={-1} class="link" onClick={() => room.discard(uuid)}>
        {words.message.discard}
      </button>
    </div>
  );
}
