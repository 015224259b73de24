/**
 * A room in use: its copy of the log, the others, and what one does there, shown as one `Room` that
 * tells when any of it changes.
 */
import type { SelectRoomReply } from '../protocol/log-replies.ts';
import type { Clock } from './clock.ts';
import { type Company, createCompany } from './company.ts';
import { createEvents, createSoon, type Events } from './events.ts';
import { isBroadcast, type ServerFrame } from './frames.ts';
import type { Line } from './line.ts';
import { createLogCopy, type LogCopy } from './log-copy.ts';
import { createLogReader, type LogReader } from './log-reader.ts';
import type { Mailbox } from './mailbox.ts';
import { toEcho } from './message.ts';
import type { Outcome } from './outcome.ts';
import type { OwnRooms } from './own-rooms.ts';
import type { Problem } from './problem.ts';
import { createRoomActions, outcomeOf } from './room-actions.ts';
import { withMark } from './room-summary.ts';
import { createRoomView, type RoomView } from './room-view.ts';
import type { Room, RoomEvents } from './room.ts';
import { verify } from './seal.ts';
import { createSignals, type Signals } from './signals.ts';
import { stretch } from './timeline.ts';

export interface RoomOptions {
  readonly id: string;
  readonly ask: Line['ask'];
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

interface Parts extends RoomOptions {
  readonly events: Events<RoomEvents>;
  readonly copy: LogCopy;
  readonly reader: LogReader;
  readonly company: Company;
  readonly signals: Signals;
  readonly view: () => RoomView;
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

function toRoom(parts: Parts): Room {
  const { id, ask, rooms, mailbox, reader, company, signals, view } = parts;
  return {
    id,
    ...createRoomActions(id, ask),
    leave: () => leave(parts),
    get summary() {
      return rooms.summary(id);
    },
    get messages() {
      return view().messages;
    },
    get notices() {
      return view().notices;
    },
    get pinned() {
      return view().pinned;
    },
    get atStart() {
      return view().atStart;
    },
    get atEnd() {
      return view().atEnd;
    },
    get loading() {
      return reader.loading;
    },
    get unread() {
      return rooms.summary(id)?.unread ?? 0;
    },
    get mentions() {
      return rooms.summary(id)?.mentions ?? 0;
    },
    get readSeq() {
      return rooms.standings.get(id)?.unread.read ?? 0;
    },
    get readBy() {
      return company.people.readBy;
    },
    get presence() {
      return company.people.presence;
    },
    get typing() {
      return company.typing.typists;
    },
    loadOlder: () => reader.older(),
    loadNewer: () => reader.newer(),
    around: (seq) => reader.around(seq),
    latest: () => reader.latest(),
    send(text, more) {
      company.typing.sent();
      return toEcho(mailbox.post({ room: id, text, ...more }));
    },
    retry: (uuid) => mailbox.retry(uuid),
    discard: (uuid) => mailbox.discard(uuid),
    markRead: (seq) => markRead(parts, seq),
    setTyping: (typing) => company.typing.say(typing),
    signal: (data) => signals.send(data),
    members: company.members,
    verify: () => verify(shown(parts)),
    on: (name, listener) => parts.events.on(name, listener),
  };
}

const shown = ({ copy }: Parts) => (copy.timeline === undefined ? [] : stretch(copy.timeline));

async function leave({ id, ask, rooms }: Parts): Promise<Outcome> {
  const outcome = await outcomeOf(ask, { action: 'leave', room: id });
  if (outcome.ok) rooms.remove(id);
  return outcome;
}

/** Up to what is there, and no further: what is not loaded was not read. */
function markRead(parts: Parts, wanted = Infinity): void {
  const { id, rooms, copy, mark } = parts;
  const entry = shown(parts).findLast(({ seq }) => seq <= wanted);
  const { read = Infinity } = rooms.standings.get(id)?.unread ?? {};
  if (entry === undefined || entry.seq <= read) return;
  if (entry.seq === copy.timeline?.end) copy.readAt('end');
  rooms.update(id, (standing) => withMark(standing, entry.seq, entry.n));
  mark(entry.seq);
}
