/** Who felt what about a message; a press joins in or takes it back. */
import type { JSX } from 'preact';

import type { Message, Room } from '../../../client/index.ts';
import { useLanguage } from '../language/language-context.ts';
import { useLiveChat } from '../live-chat.ts';
import type { Action } from '../use-action.ts';

export interface ReactionsProps {
  readonly message: Message;
  readonly room: Room;
  readonly action: Action;
}

export function Reactions({ message, room, action }: ReactionsProps): JSX.Element | null {
  const { words, dates } = useLanguage();
  const { user } = useLiveChat();
  const { reactions, seq } = message;
  if (reactions.size === 0 || seq === undefined) return null;
  return (
    <ul class="reactions" aria-label={words.message.reactions}>
      {[...reactions].map(([emoji, people]) => {
        const own = people.includes(user.value);
        const label = words.message.reaction(
          emoji,
          dates.number(people.length),
          dates.list(people),
        );
        return (
          <li key={emoji}>
            <button
              type="button"
              tabIndex={-1}
              aria-pressed={own}
              aria-label={label}
              title={label}
              onClick={() => void action.run(() => room.react(seq, emoji, !own))}
            >
              <span class="emoji">{emoji}</span> {dates.number(people.length)}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
