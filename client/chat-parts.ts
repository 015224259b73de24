/** How the parts of a chat hang together. */
import { type CatchUp, createCatchUp } from './log/catch-up.ts';
import type { ChatEvents, ChatOptions } from './chat.ts';
import { systemClock } from './clock.ts';
import { createDuties } from './duties.ts';
import { createEvents, createSoon, type Events } from './events.ts';
import { createIndexedDbStorage } from './sending/indexed-db.ts';
import type { Line, LineOptions } from './connection/line.ts';
import { openRoom } from './rooms/open-room.ts';
import { createOpenRooms, type OpenRooms } from './rooms/open-rooms.ts';
import { createMemoryStorage } from './sending/outbox-storage.ts';
import { createOwnLine } from './connection/own-line.ts';
import { createOwnRooms, type OwnRooms } from './rooms/own-rooms.ts';
import { createPatientAsk } from './connection/patient-ask.ts';
import { createPostOffice, type PostOffice } from './sending/post-office.ts';
import { createProblems } from './problems.ts';
import { createReadMarks, type ReadMarks } from './rooms/read-marks.ts';
import { canShare, createSharedLine } from './tabs/shared-line.ts';
import { openWebSocket } from './connection/socket.ts';

export interface ChatParts {
  readonly line: Line;
  /** For what a person asks. */
  readonly patientAsk: Line['ask'];
  readonly events: Events<ChatEvents>;
  readonly rooms: OwnRooms;
  readonly opened: OpenRooms;
  readonly post: PostOffice;
  readonly marks: ReadMarks;
  readonly catchUp: CatchUp;
  look(room: string | undefined): void;
}

/** `createLine` is for tests. */
export function createParts(
  options: ChatOptions,
  createLine: (options: LineOptions) => Line = lineOf(options),
): ChatParts {
  const { url, token, user, clock = systemClock, openSocket = openWebSocket } = options;
  const known = user === undefined ? {} : { user };
  const storage = options.storage ?? createIndexedDbStorage(url) ?? createMemoryStorage();
  const events = createEvents<ChatEvents>();
  const problem = createProblems(clock, (told) => events.emit('problem', told));
  const ask: Line['ask'] = (frame, uuid) => line.ask(frame, uuid);
  const patientAsk = createPatientAsk(() => line, clock);
  const me = () => line.user;
  const common = { ask, clock, me, problem };
  let looked: string | undefined;

  const roomsChanged = createSoon(() => events.emit('rooms', rooms.summaries));
  const rooms = createOwnRooms({
    ...common,
    changed(id) {
      roomsChanged();
      const room = opened.get(id);
      room?.changed();
      if (!rooms.standings.has(id)) room?.copy.drop();
      else if (id === looked) void room?.reader.open();
    },
  });
  const post = createPostOffice({
    ...common,
    ...known,
    storage,
    changed: (id) => opened.get(id)?.changed(),
    overdue: (id) => catchUp.now(id),
  });
  const marks = createReadMarks(common);
  const opened = createOpenRooms({
    open: (id) =>
      openRoom({
        ...common,
        patientAsk,
        id,
        rooms,
        mailbox: post.mailbox,
        mark: (seq) => marks.mark(id, seq),
        behind: () => catchUp.soon(id),
      }),
    lost: (id) => rooms.remove(id),
  });
  const catchUp = createCatchUp({ ...common, followed: () => opened.followed });
  const parts = { patientAsk, events, rooms, opened, post, marks, catchUp };
  const duties = createDuties({ ...common, ...parts, looked: () => looked });
  const { random = Math.random } = options;
  const line = createLine({ ...duties, ...known, url, token, openSocket, clock, random, problem });
  line.onState((state) => events.emit('connection', state));
  return {
    ...parts,
    line,
    look(id) {
      looked = id;
      line.look(id);
      if (id !== undefined) void opened.looked(id).reader.open();
    },
  };
}

const lineOf = ({ tabs = 'shared' }: ChatOptions) =>
  tabs === 'shared' && canShare() ? createSharedLine : createOwnLine;
