/** Offers the people of a room while somebody writes an @ and the beginning of a name. */
import type { JSX, RefObject } from 'preact';
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';

import { Avatar } from '../controls/avatar.tsx';
import { useLanguage } from '../language/language-context.ts';
import type { Members } from '../room/use-members.ts';

/** People offered at once. */
const OFFERED_MAX_COUNT = 6;

/** An @ at the beginning of a word, and as much of a name as is before the caret. */
const BEGUN = /(?:^|[\s(])@([\p{L}\p{M}\p{N}._-]*)$/u;

export interface MentionPickerOptions {
  readonly box: RefObject<HTMLTextAreaElement | null>;
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly members: Members;
}

export interface MentionPickerState {
  readonly id: string;
  readonly offered: readonly string[];
  readonly at: number;
  /** To be called when the caret may have moved. */
  readonly follow: () => void;
  /** For the box, so that a screen reader knows what is offered. */
  readonly attributes: Readonly<Record<string, string | undefined>>;
  /** Whether a key was for the picker. */
  pressed(event: KeyboardEvent): boolean;
  readonly choose: (name: string | undefined) => void;
}

export function useMentionPicker(options: MentionPickerOptions): MentionPickerState {
  const { box, text, setText, members } = options;
  const id = useId();
  const [at, setAt] = useState(0);
  const [dismissed, setDismissed] = useState('');
  const [end, setEnd] = useState(text.length);
  const caret = useRef<number>(undefined);
  const begun = BEGUN.exec(text.slice(0, end))?.[1];
  if (begun !== undefined) members.want();
  const offered = begun === undefined || dismissed === text ? [] : matching(members.names, begun);
  const chosen = Math.min(at, Math.max(0, offered.length - 1));

  useLayoutEffect(() => {
    if (caret.current === undefined) return;
    box.current?.setSelectionRange(caret.current, caret.current);
    caret.current = undefined;
  }, [text]);
  const choose = (name: string | undefined) => {
    if (name === undefined || begun === undefined) return;
    const before = `${text.slice(0, end - begun.length)}${name} `;
    caret.current = before.length;
    setEnd(before.length);
    setText(before + text.slice(end));
    setAt(0);
    box.current?.focus();
  };
  const keys: Readonly<Record<string, () => void>> = {
    ArrowDown: () => setAt((chosen + 1) % offered.length),
    ArrowUp: () => setAt((chosen + offered.length - 1) % offered.length),
    Enter: () => choose(offered[chosen]),
    Tab: () => choose(offered[chosen]),
    Escape: () => setDismissed(text),
  };
  return {
    id,
    offered,
    at: chosen,
    follow: () => setEnd(box.current?.selectionEnd ?? 0),
    attributes:
      offered.length === 0
        ? {}
        : {
            'aria-autocomplete': 'list',
            'aria-controls': id,
            'aria-activedescendant': `${id}-${chosen}`,
          },
    choose,
    pressed(event) {
      const does = offered.length === 0 ? undefined : keys[event.key];
      if (does === undefined || event.shiftKey) return false;
      event.preventDefault();
      event.stopPropagation();
      does();
      return true;
    },
  };
}

function matching(names: readonly string[], begun: string): readonly string[] {
  const start = begun.toLocaleLowerCase();
  const found = names.filter((name) => name.toLocaleLowerCase().startsWith(start));
  // Somebody who is written out already is no longer offered.
  return found.length === 1 && found[0] === begun ? [] : found.slice(0, OFFERED_MAX_COUNT);
}

export function MentionPicker({
  picker,
}: {
  readonly picker: MentionPickerState;
}): JSX.Element | null {
  const { words } = useLanguage();
  const { id, offered, at, choose } = picker;
  if (offered.length === 0) return null;
  return (
    <ul class="options mention-picker" role="listbox" id={id} aria-label={words.composer.people}>
      {offered.map((name, index) => (
        <li
          key={name}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === at}
          // The box keeps the focus.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => choose(name)}
        >
          <Avatar user={name} />
          {name}
        </li>
      ))}
    </ul>
  );
}
