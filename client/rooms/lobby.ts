/** The way into rooms: making them, finding them, going in. */
import type { Frame, Line } from '../connection/line.ts';
import type { Chat } from '../chat.ts';
import type { Outcome } from '../outcome.ts';
import type { OwnRooms } from './own-rooms.ts';

export type Lobby = Pick<Chat, 'createRoom' | 'openDirect' | 'join' | 'publicRooms'>;

const BAD_REPLY = { ok: false, code: 'bad_reply', message: 'That is no answer to it' } as const;

export function createLobby(options: {
  readonly patientAsk: Line['ask'];
  readonly rooms: OwnRooms;
}): Lobby {
  const { patientAsk: ask, rooms } = options;

  /** Resolves when the room is in the list, as far as the server's list is on time. */
  const enter = async (frame: Frame): Promise<Outcome<{ readonly room: string }>> => {
    const answer = await ask(frame);
    if (!answer.ok) return answer;
    if (!('room' in answer.reply) || answer.reply.room === undefined) return BAD_REPLY;
    const { room } = answer.reply;
    rooms.expect(room);
    await rooms.list();
    return { ok: true, room };
  };
  return {
    createRoom: ({ name, kind }) => enter({ action: 'create_room', name, kind }),
    openDirect: (user) => enter({ action: 'open_direct', user }),
    join: (room) => enter({ action: 'join', room }),
    async publicRooms(after) {
      const place = after === undefined ? {} : { after };
      const answer = await ask({ action: 'list_public_rooms', ...place });
      if (!answer.ok) return answer;
      const { reply } = answer;
      if (reply.action !== 'list_public_rooms' || !('rooms' in reply)) return BAD_REPLY;
      return { ok: true, rooms: reply.rooms, more: reply.more ?? false };
    },
  };
}
