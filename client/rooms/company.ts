/**
 * The others in a room: who is there, how far each has read, who types. Told by frames while one looks
 * at the room; what was before that is asked for when one begins to look.
 */
import type { ServerFrame } from '../connection/frames.ts';
import type { Line } from '../connection/line.ts';
import type { Clock } from '../clock.ts';
import type { OwnRooms } from './own-rooms.ts';
import {
  hearPresence,
  hearReceipts,
  listPeople,
  NOBODY,
  onlineCount,
  type People,
  toMember,
} from './people.ts';
import { withOnline } from './room-summary.ts';
import type { Room } from './room.ts';
import { createTypingLine, type TypingLine } from './typing-line.ts';

export interface CompanyOptions {
  readonly room: string;
  readonly ask: Line['ask'];
  readonly clock: Clock;
  readonly me: () => string | undefined;
  readonly rooms: OwnRooms;
  /** Anything of it changed. */
  readonly changed: () => void;
  readonly presenceChanged: (presence: People['presence']) => void;
  readonly typingChanged: (typists: readonly string[]) => void;
}

export interface Company {
  readonly people: People;
  readonly typing: TypingLine;
  hear(frame: ServerFrame): void;
  /** One begins to look: asks who is there. */
  look(): void;
  readonly members: Room['members'];
}

export function createCompany(options: CompanyOptions): Company {
  const { room, ask, me, rooms, changed } = options;
  let people = NOBODY;
  /** Whether all its people are known, so that they can be counted. */
  let isComplete = false;

  const typing = createTypingLine({
    ...options,
    changed(typists) {
      options.typingChanged(typists);
      changed();
    },
  });
  const become = (next: People) => {
    const isNews = next.presence !== people.presence;
    people = next;
    changed();
    if (!isNews) return;
    options.presenceChanged(people.presence);
    if (isComplete) rooms.update(room, (standing) => withOnline(standing, onlineCount(people)));
  };
  const members: Company['members'] = async (after) => {
    const before = people;
    const place = after === undefined ? {} : { after };
    const answer = await ask({ action: 'list_members', room, ...place });
    if (!answer.ok) return answer;
    const { reply } = answer;
    if (!('members' in reply)) return { ok: false, code: 'bad_reply', message: 'That is no list' };
    const { more = false } = reply;
    if (after === undefined) isComplete = !more;
    become(listPeople(people, before, reply, me()));
    return { ok: true, members: reply.members.map(toMember), more };
  };
  return {
    get people() {
      return people;
    },
    typing,
    members,
    hear(frame) {
      if ('expires_in' in frame) typing.hear(frame);
      else if ('people' in frame) become(hearPresence(people, frame));
      else if ('read' in frame) become(hearReceipts(people, frame, me()));
    },
    look() {
      typing.clear();
      void members();
    },
  };
}
