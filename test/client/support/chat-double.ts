/**
 * A chat on a double of the line: a server of rooms in memory that answers at once, or as the test says,
 * and tells nobody anything unless the test lets it.
 */
import { onTestFinished } from 'vitest';

import type { Chat, ChatOptions } from '../../../client/chat.ts';
import { toChat } from '../../../client/create-chat.ts';
import { createParts } from '../../../client/chat-parts.ts';
import type { ConnectionState } from '../../../client/connection/connection-state.ts';
import type { Answer, Frame, Line, LineOptions } from '../../../client/connection/line.ts';
import { createMemoryStorage } from '../../../client/sending/outbox-storage.ts';
import type { Problem } from '../../../client/problem.ts';
import { createManualClock, type ManualClock } from '../../../client/testing/index.ts';
import type { ListedRoom } from '../../../protocol/list-replies.ts';
import type { Pushed } from '../../../protocol/pushed.ts';
import type { Reply } from '../../../protocol/replies.ts';
import { createRoomLog, type RoomLog } from './room-log.ts';

export interface Asked extends Frame {
  readonly uuid: string;
}

export interface ChatDouble {
  readonly chat: Chat;
  readonly clock: ManualClock;
  readonly problems: readonly Problem[];
  /** Everything that was asked while there was a connection. */
  readonly asked: readonly Asked[];
  /** What was asked with this action. */
  readonly asks: (action: string) => readonly Asked[];
  /** Rooms that the line was told to look at. */
  readonly looks: readonly (string | undefined)[];
  /** The log of a room, which there is from now on. */
  readonly room: (id: string, listed?: Partial<ListedRoom>) => RoomLog;
  /** The server forgets the room. */
  readonly forget: (id: string) => void;
  /** Answers an action in another way; undefined: as usual. */
  readonly answer: (
    action: string,
    answer: ((frame: Asked) => Promise<Answer> | Answer | undefined) | undefined,
  ) => void;
  /** Whether those who say something are told of it at once, as everybody is. */
  telling: boolean;
  /** Lets the chat hear a frame. */
  readonly hear: (frame: Pushed) => void;
  /** Lets the chat hear of entries. */
  readonly tell: (log: RoomLog, ...seqs: readonly number[]) => void;
  /** Signs in; resolves when the chat has caught up. */
  readonly connect: () => Promise<void>;
  /** Begins to connect, and gets no further. */
  readonly beginConnecting: () => void;
  readonly disconnect: () => void;
  readonly heartbeat: () => Frame | undefined;
  readonly receive: LineOptions['receive'];
}

export const refusal = (code: string, retryAfter?: number): Answer => ({
  ok: false,
  code,
  message: code,
  ...(retryAfter === undefined ? {} : { retryAfter }),
});

export function createChatDouble(options: Partial<ChatOptions> = {}): ChatDouble {
  const clock = createManualClock();
  const me = 'alice';
  const logs = new Map<string, { readonly log: RoomLog; readonly listed: Partial<ListedRoom> }>();
  const answers = new Map<string, (frame: Asked) => Promise<Answer> | Answer | undefined>();
  const asked: Asked[] = [];
  const looks: (string | undefined)[] = [];
  const problems: Problem[] = [];
  const listeners = new Set<(state: ConnectionState) => void>();
  let state: ConnectionState = { name: 'idle' };
  let user: string | undefined;
  let line: LineOptions | undefined;

  const move = (next: ConnectionState) => {
    state = next;
    for (const listener of listeners) listener(next);
  };
  const listed = (id: string): ListedRoom => {
    const { log, listed } = logs.get(id) ?? { log: createRoomLog(id), listed: {} };
    const messages = log.page().filter(({ kind }) => kind === 'message');
    const last = messages.at(-1);
    const read = listed.read ?? 0;
    return {
      id,
      name: id,
      kind: 'private',
      role: 'member',
      online: 1,
      head: log.head,
      mentions: 0,
      ...(last === undefined ? {} : { last }),
      unread: messages.filter(({ seq }) => seq > read).length,
      ...listed,
      read,
    };
  };
  const say = (frame: Asked): Answer => {
    const { uuid, room, text } = frame;
    const { log } = logs.get(String(room)) ?? {};
    if (log === undefined) return refusal('invalid_room_id');
    const known = log.page().find((entry) => entry.uuid === uuid);
    const { seq } = known ?? log.say(me, String(text), uuid);
    if (double.telling || known !== undefined) queueMicrotask(() => double.tell(log, seq));
    return ok({ uuid, action: 'new_message', status: 'accepted', room: log.room });
  };
  const usual = (frame: Asked): Answer => {
    const { uuid, action, room, rooms } = frame;
    const success = { uuid, status: 'success' } as const;
    const { log } = logs.get(String(room)) ?? {};
    if (action === 'list_rooms') {
      return ok({ ...success, action, rooms: [...logs.keys()].toSorted().map(listed) });
    }
    if (action === 'sync') {
      const cursors = Object.entries(rooms as Readonly<Record<string, number>>);
      return ok({ ...success, action, rooms: Object.fromEntries(cursors.map(lacking)) });
    }
    if (log === undefined) return refusal('invalid_room_id');
    if (action === 'history') {
      const { head } = log;
      return ok({ ...success, action, room: log.room, entries: pageOf(log, frame), head });
    }
    if (action === 'list_members') return ok({ ...success, action, room: log.room, members: [] });
    if (action === 'mark_read') {
      return ok({ ...success, action, room: log.room, seq: Number(frame['seq']), unread: 0 });
    }
    return action === 'new_message' ? say(frame) : ok({ ...success, action, room: log.room });
  };
  const lacking = ([room, since]: readonly [string, number]) => {
    const { log } = logs.get(room) ?? {};
    if (log === undefined) return [room, { code: 'invalid_room_id', error_message: '' }] as const;
    const entries = log.page(since + 1, since + 100);
    const more = since + entries.length < log.head ? { more: true as const } : {};
    return [room, { entries, head: log.head, ...more }] as const;
  };
  const createLine = (given: LineOptions): Line => {
    line = given;
    return {
      get state() {
        return state;
      },
      get user() {
        return user;
      },
      connect: () => {},
      close: async () => move({ name: 'closed' }),
      async ask(frame, uuid = `ask-${asked.length}`) {
        if (state.name !== 'online' && state.name !== 'recovering') return refusal('offline');
        const question = { ...frame, uuid };
        asked.push(question);
        // An answer never comes before the question has been asked.
        await Promise.resolve();
        return (await answers.get(frame.action)?.(question)) ?? usual(question);
      },
      look: (room) => looks.push(room),
      onState(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    };
  };
  const chat = toChat(
    createParts(
      {
        url: 'wss://chat.example/prod',
        token: () => '',
        clock,
        storage: createMemoryStorage(),
        ...options,
      },
      createLine,
    ),
  );
  chat.on('problem', (problem) => problems.push(problem));
  onTestFinished(() => chat.close());

  const double: ChatDouble = {
    chat,
    clock,
    problems,
    asked,
    looks,
    asks: (action) => asked.filter((frame) => frame.action === action),
    room(id, listed = {}) {
      const log = logs.get(id)?.log ?? createRoomLog(id);
      logs.set(id, { log, listed });
      return log;
    },
    forget: (id) => logs.delete(id),
    answer(action, answer) {
      if (answer === undefined) answers.delete(action);
      else answers.set(action, answer);
    },
    telling: true,
    hear: (frame) => line?.receive(frame),
    receive: (frame) => line?.receive(frame),
    tell(log, ...seqs) {
      for (const seq of seqs) line?.receive({ ...log.frame(seq), head: log.head });
    },
    async connect() {
      user = me;
      move({ name: 'recovering' });
      await line?.recover();
      move({ name: 'online' });
    },
    beginConnecting: () => move({ name: 'connecting', attempt: 1 }),
    disconnect: () => move({ name: 'offline', retryAt: 0, reason: 'lost' }),
    heartbeat: () => line?.heartbeat(),
  };
  return double;
}

const ok = (reply: Reply): Answer => ({ ok: true, reply });

function pageOf(log: RoomLog, { before, after, around, limit }: Asked) {
  const count = Number(limit);
  if (after !== undefined) return log.page(Number(after) + 1, Number(after) + count);
  if (around !== undefined) {
    const from = Math.max(1, Number(around) - Math.floor(count / 2));
    return log.page(from, from + count - 1);
  }
  const to = before === undefined ? log.head : Number(before) - 1;
  return log.page(Math.max(1, to - count + 1), to);
}
