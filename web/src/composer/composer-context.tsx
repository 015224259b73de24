/** What the box is about, when it is not about something new: the message that is answered, or written anew. */
import type { JSX } from 'preact';

import type { Composing } from './composing.ts';
import { IconButton } from '../controls/icon-button.tsx';
import { useLanguage } from '../language/language-context.ts';

export interface ComposerContextProps {
  readonly composing: Composing;
  readonly onCancel: () => void;
}

export function ComposerContext(props: ComposerContextProps): JSX.Element | null {
  const { composing, onCancel } = props;
  const { words } = useLanguage();
  if (composing.kind === 'new') return null;
  const { message } = composing;
  const title =
    composing.kind === 'edit' ? words.composer.editing : words.composer.replyingTo(message.user);
  return (
    <div class="composer-context">
      <p role="status">
        <strong>{title}</strong>
        <span class="excerpt" dir="auto">
          {message.text}
        </span>
      </p>
      <IconButton label={words.cancel} icon="close" onClick={onCancel} />
    </div>
  );
}
