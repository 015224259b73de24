/**
 * A room in use: its copy of the log, the others, and what one does there, shown as one `Room` that
 * tells when any of it changes.
 */
import type { SelectRoomReply } from '../../protocol/log-replies.ts';
import { createCompany } from './company.ts';
import { createEvents, createSoon } from '../events.ts';
import { isBroadcast, type ServerFrame } from '../connection/frames.ts';
import { createLogCopy, type LogCopy } from '../log/log-copy.ts';
import { createLogReader, type LogReader } from '../log/log-reader.ts';
import { type RoomOptions, toRoom } from './room-face.ts';
import { createRoomView } from './room-view.ts';
import type { Room, RoomEvents } from './room.ts';
import { createSignals } from './signals.ts';

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
