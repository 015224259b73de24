/**
 * Loads more of a room when the reader comes near an edge of what is loaded: one page at a time, and no
 * more after one has failed, until the reader asks again.
 */
import type { Room } from '../../../client/index.ts';

/** Pixels from an edge at which more is loaded: well before one sees it. */
const NEAR_PX = 800;

export interface PagerOptions {
  readonly room: Room;
  readonly viewport: HTMLElement;
  /** Whether the last page failed to come. */
  readonly failed: (failed: boolean) => void;
}

export interface Pager {
  /** Loads what the reader is near to, if anything. */
  fill(): void;
  retry(): void;
}

export function createPager({ room, viewport, failed }: PagerOptions): Pager {
  let busy = false;
  let stopped = false;

  const next = () => {
    const { scrollTop, scrollHeight, clientHeight } = viewport;
    if (room.messages.length === 0) return undefined;
    if (!room.atStart && scrollTop < NEAR_PX) return () => room.loadOlder();
    const below = scrollHeight - scrollTop - clientHeight;
    return !room.atEnd && below < NEAR_PX ? () => room.loadNewer() : undefined;
  };
  const load = async () => {
    const page = next();
    if (page === undefined || busy || stopped) return;
    busy = true;
    const before = room.messages;
    const { ok } = await page();
    busy = false;
    // A page that brought nothing would be asked for again at once, forever.
    stopped = !ok || room.messages === before;
    failed(!ok);
  };
  return {
    fill: () => void load(),
    retry() {
      stopped = false;
      void load();
    },
  };
}
