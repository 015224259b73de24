/** Finds rooms by a part of their names, whatever the case and the accents. */
import type { RoomSummary } from '../../../client/index.ts';
import { roomTitle } from './room-title.ts';
import type { Words } from '../language/words.ts';

/** The rooms whose title has all the words typed, in their order; all of them when nothing was. */
export function matchRooms(
  words: Words,
  rooms: readonly RoomSummary[],
  typed: string,
  me: string,
): readonly RoomSummary[] {
  const wanted = plain(typed).split(/\s+/).filter(Boolean);
  return rooms.filter((room) => {
    const title = plain(roomTitle(words, room, me));
    return wanted.every((word) => title.includes(word));
  });
}

const plain = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase();
