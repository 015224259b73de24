/** Who is typing. The line has its height even when it is empty, so that nothing jumps. */
import type { JSX } from 'preact';

import type { Room } from '../../../client/index.ts';
import { useLanguage } from '../language/language-context.ts';
import { useRoom } from './use-room.ts';

/** People named; more are "several". */
const NAMED_MAX_COUNT = 3;

export function TypingLine({ room: { id } }: { readonly room: Room }): JSX.Element {
  const { words, dates } = useLanguage();
  const { typing } = useRoom(id, 'typing');
  const text =
    typing.length > NAMED_MAX_COUNT
      ? words.timeline.manyTyping
      : words.timeline.typing(dates.list(typing), typing.length);
  return <p class="typing">{typing.length === 0 ? '' : text}</p>;
}
