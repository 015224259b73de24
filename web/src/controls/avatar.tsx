/** A person as a letter on one of a few quiet colours, always the same for a name; and whether he is there. */
import type { JSX } from 'preact';

const HUES = 8;

export interface AvatarProps {
  readonly user: string;
  /** Shows a dot; absent when nothing is known. */
  readonly online?: boolean | undefined;
}

export function Avatar({ user, online }: AvatarProps): JSX.Element {
  return (
    // Drawn by style: the letter is a picture, no text.
    <span class={`avatar hue-${hueOf(user)}`} data-letter={firstLetter(user)} aria-hidden="true">
      {online === undefined ? null : <span class={online ? 'dot online' : 'dot'} />}
    </span>
  );
}

export function hueOf(user: string): number {
  let sum = 0;
  for (const letter of user) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9_973;
  return sum % HUES;
}

/** With the marks on it, if any. */
const firstLetter = (user: string) => /^.\p{M}*/u.exec(user)?.[0].toLocaleUpperCase() ?? '';
