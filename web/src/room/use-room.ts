/** A room, for components: drawn again when one of the named events of it comes. */
import { useEffect, useReducer } from 'preact/hooks';

import type { Room, RoomEvents } from '../../../client/index.ts';
import { useLiveChat } from '../live-chat.ts';

export function useRoom(id: string, ...events: readonly (keyof RoomEvents)[]): Room {
  const { chat } = useLiveChat();
  const room = chat.room(id);
  const [, draw] = useReducer((count: number) => count + 1, 0);
  const names = events.join(' ');
  useEffect(() => {
    const ends = events.map((name) => room.on(name, () => draw(undefined)));
    // What came between drawing and listening is drawn now.
    draw(undefined);
    return () => ends.forEach((end) => end());
  }, [room, names]);
  return room;
}
