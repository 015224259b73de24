/** A few emoji to react with, and a box for any other. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { EMOJI_MAX_LENGTH } from '../../../protocol/limits.ts';
import { useLanguage } from '../language/language-context.ts';
import { Popover } from '../controls/menu.tsx';

const EMOJI = ['👍', '❤️', '😂', '🎉', '👀', '🙏'] as const;

export interface EmojiPickerProps {
  readonly at: HTMLElement;
  readonly onEmoji: (emoji: string) => void;
  readonly onClose: () => void;
}

export function EmojiPicker({ at, onEmoji, onClose }: EmojiPickerProps): JSX.Element {
  const { words } = useLanguage();
  const [typed, setTyped] = useState('');
  return (
    <Popover at={at} role="dialog" label={words.message.react} onClose={onClose}>
      <div class="emoji-row">
        {EMOJI.map((emoji) => (
          <button key={emoji} type="button" aria-label={emoji} onClick={() => onEmoji(emoji)}>
            {emoji}
          </button>
        ))}
      </div>
      <form
        class="emoji-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (typed.trim() !== '') onEmoji(typed.trim());
        }}
      >
        <input
          type="text"
          aria-label={words.message.otherEmoji}
          placeholder={words.message.otherEmoji}
          autocomplete="off"
          maxLength={EMOJI_MAX_LENGTH}
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
        <button class="button">{words.message.addReaction}</button>
      </form>
    </Popover>
  );
}
