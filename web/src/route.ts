/**
 * Which room is open, as the page's address has it: `#/lobby`. So back, forward, a reload and a link to
 * a room do what they do everywhere else; on a phone, "back" leads to the list of rooms.
 */
import { type ReadonlySignal, signal } from '@preact/signals';

export interface Route {
  /** Id of the open room; undefined for none. */
  readonly room: ReadonlySignal<string | undefined>;
  go(room: string | undefined): void;
  close(): void;
}

/** The address of a room. */
export const roomHref = (room: string): string => `#/${encodeURIComponent(room)}`;

export function createRoute(page: Window): Route {
  const room = signal(roomIn(page.location.hash));
  const follow = () => {
    room.value = roomIn(page.location.hash);
  };
  page.addEventListener('hashchange', follow);
  return {
    room,
    go(id) {
      page.location.hash = id === undefined ? '#/' : roomHref(id);
      // `hashchange` comes later; whoever goes somewhere is there at once.
      follow();
    },
    close: () => page.removeEventListener('hashchange', follow),
  };
}

function roomIn(hash: string): string | undefined {
  if (!hash.startsWith('#/')) return undefined;
  try {
    return decodeURIComponent(hash.slice(2)) || undefined;
  } catch {
    return undefined;
  }
}
