/**
 * What has been read: everything, while one looks at the end of the room. Until then the unread ones have
 * a line before them, which stays where it is while one reads, so that one sees where one was.
 */
import { useEffect, useRef, useState } from 'preact/hooks';

import type { Room } from '../../../client/index.ts';

export interface Reading {
  /** The seq behind which the unread ones begin; undefined when there are none. */
  readonly unreadAfter: number | undefined;
  /** Takes the line away. */
  readonly forget: () => void;
}

/** Whether somebody sees the page. */
export const isLooking = (): boolean =>
  document.visibilityState === 'visible' && document.hasFocus();

export function useReading(room: Room, isAtEnd: () => boolean): Reading {
  const [unreadAfter, setUnreadAfter] = useState(() =>
    room.unread > 0 ? room.readSeq : undefined,
  );
  const before = useRef(room.unread);

  const read = () => {
    if (room.unread > 0 && isLooking() && isAtEnd()) room.markRead();
  };
  useEffect(() => {
    const begins = before.current === 0 && room.unread > 0;
    before.current = room.unread;
    if (begins && !(isLooking() && isAtEnd())) setUnreadAfter(room.readSeq);
    read();
  });
  useEffect(() => {
    window.addEventListener('focus', read);
    document.addEventListener('visibilitychange', read);
    return () => {
      window.removeEventListener('focus', read);
      document.removeEventListener('visibilitychange', read);
    };
  }, [room]);
  return { unreadAfter, forget: () => setUnreadAfter(undefined) };
}
