/** The few signs of the page, drawn as strokes in the colour of the text. They say nothing by themselves:
 * what they stand on has a label. */
import type { JSX } from 'preact';

const PATHS = {
  add: 'M12 5v14M5 12h14',
  back: 'M15 5l-7 7 7 7',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  close: 'M6 6l12 12M18 6L6 18',
  down: 'M12 5v14M6 13l6 6 6-6',
  edit: 'M4 20l1-4L16 5l3 3L8 19z M14 7l3 3',
  emoji: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z M8.5 14.5c1.8 2.4 5.2 2.4 7 0 M9 9.5v.5 M15 9.5v.5',
  hash: 'M9 4L7 20 M17 4l-2 16 M4.5 9h16 M3.5 15h16',
  lock: 'M7 11V8a5 5 0 0 1 10 0v3 M6 11h12v9H6z',
  members:
    'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z M3 20c0-3.5 2.5-6 6-6s6 2.5 6 6 M16 4.5a3.5 3.5 0 0 1 0 6 M18 14.5c2 .8 3 2.8 3 5.5',
  more: 'M6 12a1 1 0 1 1-2 0 1 1 0 0 1 2 0z M13 12a1 1 0 1 1-2 0 1 1 0 0 1 2 0z M20 12a1 1 0 1 1-2 0 1 1 0 0 1 2 0z',
  pin: 'M9 4h6l-.6 6 3.1 3.5h-11L9.6 10z M12 13.5V20',
  reply: 'M10 6l-6 6 6 6 M4 12h9c4 0 7 2.5 7 7',
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14z M16 16l4.5 4.5',
  send: 'M4 12L20 4l-5 16-4-7z M11 13l9-9',
  settings: 'M4 7h9 M17 7h3 M4 17h3 M11 17h9 M15 4.5v5 M9 14.5v5',
  signOut: 'M14 4h5v16h-5 M4 12h11 M11 8l4 4-4 4',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
