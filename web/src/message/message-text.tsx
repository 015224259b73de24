/** The words of a message, as text: links and mentions are elements, nothing in it is ever markup. */
import type { JSX } from 'preact';

import type { Message } from '../../../client/index.ts';
import { useLanguage } from '../language/language-context.ts';
import { type TextPart, textParts } from './text-parts.ts';

export interface MessageTextProps {
  readonly message: Message;
  readonly me: string;
}

export function MessageText({ message, me }: MessageTextProps): JSX.Element {
  const { words } = useLanguage();
  const { text, mentions, edited } = message;
  return (
    <p class={isEmojiOnly(text) ? 'text large' : 'text'} dir="auto">
      {textParts(text, mentions).map((part, at) => (
        <Part key={at} part={part} me={me} />
      ))}
      {edited ? <small class="edited"> ({words.message.edited})</small> : null}
    </p>
  );
}

function Part({ part, me }: { readonly part: TextPart; readonly me: string }): JSX.Element {
  switch (part.kind) {
    case 'text':
      return <>{part.text}</>;
    case 'link':
      return (
        <a href={part.href} target="_blank" rel="noopener noreferrer" tabIndex={-1}>
          {part.text}
        </a>
      );
    case 'mention':
    default:
      return <mark class={part.user === me ? 'mention me' : 'mention'}>{part.text}</mark>;
  }
}

/** One to three emoji and nothing else are shown large. */
const EMOJI_ONLY = /^(?:\p{RGI_Emoji}\s*){1,3}$/v;

const isEmojiOnly = (text: string) => EMOJI_ONLY.test(text);
