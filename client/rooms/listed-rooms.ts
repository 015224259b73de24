/** Reads the list of the user's rooms, page after page. */
import type { ListedRoom } from '../../protocol/list-replies.ts';
import type { Line } from '../connection/line.ts';
import type { Problem } from '../problem.ts';

/** Rooms of one user that are listed. */
export const ROOMS_MAX_COUNT = 10_000;

/** Pages of the list: a page may be short, or even empty, when a room was left a moment ago. */
const PAGES_MAX_COUNT = 500;

/** All of them, or the code of why there are none. */
export async function readRooms(
  ask: Line['ask'],
  problem: (problem: Problem) => void,
): Promise<readonly ListedRoom[] | string> {
  const rooms: ListedRoom[] = [];
  let after: string | undefined;
  for (let pages = 1; ; pages += 1) {
    const answer = await ask({ action: 'list_rooms', ...(after === undefined ? {} : { after }) });
    if (!answer.ok) return answer.code;
    const { reply } = answer;
    if (reply.action !== 'list_rooms' || !('rooms' in reply)) return 'bad_reply';
    rooms.push(...reply.rooms);
    if (reply.more !== true || reply.next === undefined) return rooms;
    if (pages === PAGES_MAX_COUNT || rooms.length >= ROOMS_MAX_COUNT) {
      problem({ code: 'endless_list', message: 'The list of rooms does not end' });
      return rooms.slice(0, ROOMS_MAX_COUNT);
    }
    after = reply.next;
  }
}
