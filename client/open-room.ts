/**
 * A room in use: its copy of the log, the others, and what one does there, shown as one `Room` that
 * tells when any of it changes.
 */
import type { SelectRoomReply } from '../protocol/log-replies.ts';
import type { Clock } from './clock.ts';
import { createCompany } from './company.ts';
import { createEvents, createSoon } from './events.ts';
import { isBroadcast, type ServerFrame } from './frames.ts';
import type { Line } from './line.ts';
import { createLogCopy, type LogCopy } from './log-copy.ts';
import { createLogReader, type LogReader } from './log-reader.ts';
import type { Mailbox } from './mailbox.ts';
import type { OwnRooms } from './own-rooms.ts';
import type { Problem } from './problem.ts';
import { toRoom } from './room-face.ts';
import { createRoomView } from './room-view.ts';
import type { Room, RoomEvents } from './room.ts';
import { createSignals } from './signals.ts';

export interface RoomOptions {
  readonly id: string;
  readonly ask: Line['ask'];
  /** For what a person asks. */
  readonly patientAsk: Line['ask'];
  readonly clock: Clock;
  readonly me: () => string | undefined;
  readonly rooms: OwnRooms;
  readonly mailbox: Mailbox;
  /** Tells the server, in good time, how far one has read. */
  readonly mark: (seq: number) => void;
  /** The copy of the log lacks something at its end. */
  readonly behind: () => void;
  readonly problem: (problem: Problem) => void;
}

/** A room, and what the chat has to do with it. */
export interface OpenRoom {
  readonly room: Room;
  readonly copy: LogCopy;
  readonly reader: LogReader;
  /** Takes what was pushed. */
  hear(frame: ServerFrame): void;
  /** The server has noted that one looks at the room. */
  selected(reply: SelectRoomReply): void;
  /** Its unsent messages, or its standing, changed. */
  changed(): void;
  close(): void;
}

export function openRoom(options: RoomOptions): OpenRoom {
  const { id, ask, me, mailbox } = options;
  const events = createEvents<RoomEvents>();
  const changed = createSoon(() => events.emit('change', room));
  const copy = createLogCopy({
    ...options,
    room: id,
    changed,
    showed(entries) {
      for (const { user, uuid } of entries) if (user.username === me()) mailbox.seen(uuid);
    },
  });
  const reader = createLogReader({ room: id, ask, copy, changed, began: () => mailbox.doubt(id) });
  const company = createCompany({
    ...options,
    room: id,
    changed,
    presenceChanged: (presence) => events.emit('presence', presence),
    typingChanged: (typists) => events.emit('typing', typists),
  });
  const signals = createSignals({
    room: id,
    ask,
    heard: (signal) => events.emit('signal', signal),
  });
  const viewOf = createRoomView();
  const view = () =>
    viewOf(
      copy.timeline,
      mailbox.outbox.filter((message) => message.room === id),
      me(),
    );
  const room = toRoom({ ...options, events, copy, reader, company, signals, view });
  return {
    room,
    copy,
    reader,
    changed,
    hear(frame) {
      if (isBroadcast(frame)) {
        const { message, entry = message, head } = frame;
        if (entry === undefined) return;
        copy.hear(entry, head);
        if (message !== undefined) company.typing.hasSaid(entry.user.username);
      } else if ('order' in frame) signals.hear(frame);
      else company.hear(frame);
    },
    selected({ head }) {
      copy.hearHead(head);
      company.look();
    },
    close: () => company.typing.clear(),
  };
}
