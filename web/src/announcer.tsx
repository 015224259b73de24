/**
 * Tells a screen reader what others say in the open room: politely, and when much comes at once only how
 * much, so that a busy room can be borne.
 */
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

import type { Message, Room } from '../../client/index.ts';
import { useLanguage } from './language/language-context.ts';
import { useRoom } from './room/use-room.ts';

/** What comes within this time is told at once. */
const GATHERED_MS = 1_000;

export function Announcer({ room: { id } }: { readonly room: Room }): JSX.Element {
  const { words } = useLanguage();
  const room = useRoom(id, 'change');
  const [told, setTold] = useState('');
  const newest = useRef<number>(undefined);
  const waiting = useRef<readonly Message[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const { messages } = room;

  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (!room.atEnd || messages.length === 0) return;
    const before = newest.current;
    newest.current = messages.findLast(({ seq }) => seq !== undefined)?.seq ?? 0;
    // What was there when the room was opened is for reading, not for telling.
    if (before === undefined) return;
    const fresh = messages.filter(({ mine, seq = 0 }) => !mine && seq > before);
    if (fresh.length === 0) return;
    waiting.current = [...waiting.current, ...fresh];
    timer.current ??= setTimeout(() => {
      const [first, ...more] = waiting.current;
      timer.current = undefined;
      waiting.current = [];
      if (first === undefined) return;
      setTold(
        more.length === 0
          ? words.timeline.announced(first.user, first.text)
          : words.timeline.announcedMany(more.length + 1),
      );
    }, GATHERED_MS);
  }, [messages]);
  return (
    <p class="hidden" role="status">
      {told}
    </p>
  );
}
