/** Where the reader of a room is, and how he gets elsewhere: at first to what he has not read yet. */
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

import type { Room } from '../../../client/index.ts';
import { createPager, type Pager } from './pager.ts';
import { createScrollPlace, type ScrollPlace } from './scroll-place.ts';

export interface TimelineScroll {
  /** The newest message is in view. */
  readonly atEnd: boolean;
  /** The same, as of now rather than of the last drawing. */
  readonly isAtEnd: () => boolean;
  /** The last page failed to come. */
  readonly failed: boolean;
  readonly retry: () => void;
  readonly toEnd: () => void;
  /** Loads the newest messages if they are not there, and goes to them. */
  readonly toLatest: () => void;
  /** Brings the message into view if it is there; answers its key. */
  readonly toSeq: (seq: number) => string | undefined;
}

interface Parts {
  readonly place: ScrollPlace;
  readonly pager: Pager;
}

export function useTimelineScroll(
  room: Room,
  viewport: RefObject<HTMLElement | null>,
  list: RefObject<HTMLElement | null>,
): TimelineScroll {
  const parts = useRef<Parts>(undefined);
  /** He is where he began to read. */
  const begun = useRef(false);
  /** The newest message is drawn. The room may know newer ones already. */
  const isWhole = useRef(false);
  const [atEnd, setAtEnd] = useState(true);
  const [failed, setFailed] = useState(false);

  // Before this drawing changes the document: the place to be kept is where the reader is right now.
  if (begun.current) parts.current?.place.remember();

  const look = () => {
    parts.current?.place.remember();
    setAtEnd(parts.current?.place.atEnd ?? true);
    parts.current?.pager.fill();
  };
  const settle = () => {
    if (parts.current === undefined || room.messages.length === 0) return;
    const { place } = parts.current;
    isWhole.current = room.atEnd;
    if (begun.current) place.keep();
    else begin(place, list.current);
    begun.current = true;
    look();
  };
  useEffect(() => {
    if (viewport.current === null || list.current === null) return undefined;
    const where = { viewport: viewport.current, rows: list.current };
    const place = createScrollPlace({ ...where, isWhole: () => isWhole.current });
    const pager = createPager({ ...where, room, failed: setFailed });
    parts.current = { place, pager };
    settle();
    return follow(where, { resized: () => place.keep(), scrolled: () => begun.current && look() });
  }, [room]);
  useLayoutEffect(settle);

  const toEnd = () => {
    parts.current?.place.toEnd();
    look();
  };
  return {
    atEnd,
    isAtEnd: () => begun.current && parts.current?.place.atEnd === true,
    failed,
    retry: () => parts.current?.pager.retry(),
    toEnd,
    toLatest() {
      if (room.atEnd) toEnd();
      else void room.latest().then(toEnd);
    },
    toSeq(seq) {
      const row = list.current?.querySelector<HTMLElement>(`[data-seq="${seq}"]`);
      if (!row) return undefined;
      parts.current?.place.toRow(row);
      row.querySelector('article')?.focus({ preventScroll: true });
      return row.dataset['key'];
    },
  };
}

/** One begins with what is unread, or else at the end. */
function begin(place: ScrollPlace, list: HTMLElement | null): void {
  const unread = list?.querySelector<HTMLElement>('.unread-line');
  if (unread) place.toRow(unread);
  else place.toEnd();
}

interface Where {
  readonly viewport: HTMLElement;
  readonly rows: HTMLElement;
}

function follow(
  { viewport, rows }: Where,
  { resized, scrolled }: { readonly resized: () => void; readonly scrolled: () => void },
): () => void {
  const sizes = new ResizeObserver(resized);
  sizes.observe(viewport);
  sizes.observe(rows);
  viewport.addEventListener('scroll', scrolled, { passive: true });
  return () => {
    sizes.disconnect();
    viewport.removeEventListener('scroll', scrolled);
  };
}
