/** Finds out whom each direct room is with: its name does not say, but its members do. */
import type { Line } from './line.ts';
import type { OwnRooms } from './own-rooms.ts';
import { withOther } from './room-summary.ts';

/** A direct room has two members, or one. */
const MEMBERS_COUNT = 2;

export interface Others {
  /** Asks for those that are not known, one room after the other, as long as there is a connection. */
  find(): Promise<void>;
}

export function createOthers(options: {
  readonly ask: Line['ask'];
  readonly rooms: Pick<OwnRooms, 'standings' | 'update'>;
  readonly me: () => string | undefined;
}): Others {
  const { ask, rooms, me } = options;
  let isFinding = false;

  async function findIn(room: string): Promise<boolean> {
    const answer = await ask({ action: 'list_members', room, limit: MEMBERS_COUNT });
    if (!answer.ok || !('members' in answer.reply)) return false;
    const { members } = answer.reply;
    const { user: other } = members.find(({ user }) => user !== me()) ?? members[0] ?? {};
    if (other !== undefined) rooms.update(room, (standing) => withOther(standing, other));
    return true;
  }
  return {
    async find() {
      if (isFinding) return;
      isFinding = true;
      for (const [room, { listed, other }] of rooms.standings) {
        if (listed.kind === 'direct' && other === undefined && !(await findIn(room))) break;
      }
      isFinding = false;
    },
  };
}
