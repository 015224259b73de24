/** The message that is answered, in a line, and the way to it. */
import type { JSX } from 'preact';

import type { Message } from '../../../client/index.ts';
import { useLanguage } from '../language/language-context.ts';

export interface QuoteProps {
  /** Undefined when it is not loaded. */
  readonly message: Message | undefined;
  readonly onShow: () => void;
}

export function Quote({ message, onShow }: QuoteProps): JSX.Element {
  const { words } = useLanguage();
  const author = message?.user ?? words.message.earlier;
  const said = message?.deleted ? words.message.deleted : (message?.text ?? '');
  return (
    <button type="button" class="quote" tabIndex={-1} onClick={onShow}>
      <span class="hidden">{words.message.inReplyTo} </span>
      <strong>{author}</strong>{' '}
      <span class="excerpt" dir="auto">
        {said}
      </span>
    </button>
  );
}
