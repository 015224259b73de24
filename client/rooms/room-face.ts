/**
 * The `Room` that the parts of one make up: what is read from it is read from them, and what is done to it
 * is done by them.
 */
import type { Clock } from '../clock.ts';
import type { Line } from '../connection/line.ts';
import type { Mailbox } from '../sending/mailbox.ts';
import type { OwnRooms } from './own-rooms.ts';
import type { Problem } from '../problem.ts';
import type { Company } from './company.ts';
import type { Events } from '../events.ts';
import type { LogCopy } from '../log/log-copy.ts';
import type { LogReader } from '../log/log-reader.ts';
import { toEcho } from '../log/message.ts';
import type { Outcome } from '../outcome.ts';
import { createRoomActions, outcomeOf } from './room-actions.ts';
import { withMark } from './room-summary.ts';
import type { RoomView } from './room-view.ts';
import type { Room, RoomEvents } from './room.ts';
import { verify } from '../log/seal.ts';
import type { Signals } from './signals.ts';
import { stretch } from '../log/timeline.ts';

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

export interface RoomParts extends RoomOptions {
  readonly events: Events<RoomEvents>;
  readonly copy: LogCopy;
  readonly reader: LogReader;
  readonly company: Company;
  readonly signals: Signals;
  readonly view: () => RoomView;
}

export function toRoom(parts: RoomParts): Room {
  const { id, patientAsk, rooms, mailbox, reader, company, signals, view } = parts;
  return {
    id,
    ...createRoomActions(id, patientAsk),
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

const shown = ({ copy }: RoomParts) => (copy.timeline === undefined ? [] : stretch(copy.timeline));

async function leave({ id, patientAsk, rooms }: RoomParts): Promise<Outcome> {
  const outcome = await outcomeOf(patientAsk, { action: 'leave', room: id });
  if (outcome.ok) rooms.remove(id);
  return outcome;
}

/** Up to what is there, and no further: what is not loaded was not read. */
function markRead(parts: RoomParts, wanted = Infinity): void {
  const { id, rooms, copy, mark } = parts;
  const entry = shown(parts).findLast(({ seq }) => seq <= wanted);
  const { read = Infinity } = rooms.standings.get(id)?.unread ?? {};
  // Who has read the newest reads there, even when he loaded older ones before.
  if (entry?.seq === copy.timeline?.end) copy.readAt('end');
  if (entry === undefined || entry.seq <= read) return;
  rooms.update(id, (standing) => withMark(standing, entry.seq, entry.n));
  mark(entry.seq);
}
