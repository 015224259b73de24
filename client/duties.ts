/**
 * What the line asks of the rest. What comes in goes to the room it is about. After each sign-in the list
 * of rooms, the copies of the logs and the outbox are brought up to date side by side, and then the room
 * that is looked at and the marks. A heartbeat asks for what is missing, though nothing should be.
 */
import { SYNC_MAX_ROOMS } from '../protocol/limits.ts';
import type { Broadcast, ReceiptsFrame } from '../protocol/pushed.ts';
import { type CatchUp, cursorsOf } from './log/catch-up.ts';
import { isBroadcast } from './connection/frames.ts';
import type { LineOptions } from './connection/line.ts';
import type { OpenRooms } from './rooms/open-rooms.ts';
import type { OwnRooms } from './rooms/own-rooms.ts';
import type { PostOffice } from './sending/post-office.ts';
import type { ReadMarks } from './rooms/read-marks.ts';
import { withMark } from './rooms/room-summary.ts';

export interface DutiesOptions {
  readonly rooms: OwnRooms;
  readonly opened: OpenRooms;
  readonly post: PostOffice;
  readonly marks: ReadMarks;
  readonly catchUp: CatchUp;
  readonly me: () => string | undefined;
  /** The room that is looked at. */
  readonly looked: () => string | undefined;
  readonly problem: LineOptions['problem'];
}

export type Duties = Pick<LineOptions, 'receive' | 'recover' | 'heartbeat'>;

export function createDuties(options: DutiesOptions): Duties {
  const { rooms, post, marks, opened, catchUp, me, looked, problem } = options;

  const broadcast = (frame: Broadcast) => {
    const { message, entry = message, room } = frame;
    if (entry?.room !== room) {
      return problem({ code: 'bad_log', message: 'The server shows an entry in another room' });
    }
    if (entry.user.username === me()) post.mailbox.seen(entry.uuid);
    opened.get(room)?.hear(frame);
    rooms.hear(entry);
  };
  /** Marks of one's own may have been set on another device, for a room that is not even open here. */
  const receipts = ({ room, read }: ReceiptsFrame) => {
    const own = read.find(({ user }) => user === me());
    if (own) rooms.update(room, (standing) => withMark(standing, own.seq, own.n));
  };
  return {
    receive(frame) {
      if (isBroadcast(frame)) return broadcast(frame);
      if ('read' in frame) receipts(frame);
      if (frame.action === 'sync' && 'rooms' in frame) return catchUp.take(frame);
      if (!('room' in frame) || frame.room === undefined) return;
      if (!('room_messages' in frame)) return opened.get(frame.room)?.hear(frame);
      if (frame.room === looked()) opened.get(frame.room)?.selected(frame);
    },
    async recover() {
      const user = me();
      if (user === undefined) return;
      // What was missed is asked for at once: it needs no list, and somebody reads there.
      const [failure] = await Promise.all([rooms.list(), catchUp.all(), post.begin(user)]);
      if (failure === 'offline' || failure === 'closed') return;
      if (failure !== undefined) throw new Error(`The list of rooms: ${failure}`);
      const room = looked();
      if (room !== undefined) await opened.get(room)?.reader.open();
      marks.resume();
    },
    heartbeat() {
      const newest = [...opened.followed.keys()].slice(-SYNC_MAX_ROOMS);
      const cursors = cursorsOf(opened.followed, newest);
      return newest.length === 0 ? undefined : { action: 'sync', rooms: cursors };
    },
  };
}
