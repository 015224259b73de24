/**
 * The rooms of the user: listed by the server after each sign-in, and whenever something of a room is
 * heard that is not in the list; kept current by what is heard. What is heard while a list is read comes
 * on top of it.
 */
import type { Entry } from '../../protocol/entry.ts';
import type { ListedRoom } from '../../protocol/list-replies.ts';
import type { Clock } from '../clock.ts';
import { createExpectedRooms } from './expected-rooms.ts';
import type { Line } from '../connection/line.ts';
import { readRooms } from './listed-rooms.ts';
import type { Problem } from '../problem.ts';
import { remembered } from '../remembered.ts';
import { byLastSpoken, hearStanding, list, type Standing, toSummary } from './room-summary.ts';
import type { RoomSummary } from './room.ts';

/** Entries that are heard while a list is read, and remembered until it was. */
const HEARD_MAX_COUNT = 1_000;

export interface OwnRoomsOptions {
  readonly ask: Line['ask'];
  readonly clock: Clock;
  readonly me: () => string | undefined;
  /** A room's standing changed, came, or went. */
  readonly changed: (room: string) => void;
  readonly problem: (problem: Problem) => void;
}

export interface OwnRooms {
  readonly standings: ReadonlyMap<string, Standing>;
  /** The last spoken in first; a new array on each change. */
  readonly summaries: readonly RoomSummary[];
  summary(room: string): RoomSummary | undefined;
  /** They were listed at least once. */
  readonly ready: boolean;
  /** Lists them; resolves with the code of what went wrong, if anything did. */
  list(): Promise<string | undefined>;
  /** There must be such a room. */
  expect(room: string): void;
  hear(entry: Entry): void;
  update(room: string, change: (standing: Standing) => Standing): void;
  /** It is not the user's any more. */
  remove(room: string): void;
  close(): void;
}

export function createOwnRooms({ ask, clock, me, changed, problem }: OwnRoomsOptions): OwnRooms {
  let standings: ReadonlyMap<string, Standing> = new Map();
  let isReady = false;
  let heard: Entry[] | undefined;
  let running: Promise<string | undefined> | undefined;
  const expected = createExpectedRooms(clock, () => void rooms.list());
  const summaries = createSummaries();

  const put = (room: string, standing: Standing | undefined) => {
    if (standings.get(room) === standing) return;
    standings = withRoom(standings, room, standing);
    changed(room);
  };
  const replace = (listed: readonly ListedRoom[], before = standings) => {
    standings = new Map(listed.map((room) => [room.id, list(before.get(room.id), room)]));
    isReady = true;
    for (const room of new Set([...before.keys(), ...standings.keys()])) changed(room);
  };
  async function read(): Promise<string | undefined> {
    const since: Entry[] = [];
    heard = since;
    const listed = await readRooms(ask, problem);
    heard = undefined;
    if (typeof listed === 'string') return listed;
    replace(listed);
    for (const entry of since) rooms.hear(entry);
    expected.listed((room) => standings.has(room));
    return undefined;
  }

  const rooms: OwnRooms = {
    get standings() {
      return standings;
    },
    get summaries() {
      return summaries.all(standings);
    },
    get ready() {
      return isReady;
    },
    summary: (room) => summaries.one(standings.get(room)),
    async list() {
      // One that began earlier, on another connection perhaps, is not what is wanted.
      await running;
      running ??= read().finally(() => (running = undefined));
      return running;
    },
    expect(room) {
      if (!standings.has(room)) expected.add(room);
    },
    hear(entry) {
      if (heard !== undefined && heard.length < HEARD_MAX_COUNT) heard.push(entry);
      const { room, kind, member, seq } = entry;
      const standing = standings.get(room);
      const goes = kind === 'leave' && member === me();
      const isOld = standing !== undefined && seq <= standing.unread.head;
      // One is back since; or one went while the server made the list.
      if (isOld) void (goes && rooms.list());
      else if (goes) rooms.remove(room);
      else if (standing === undefined) rooms.expect(room);
      else put(room, hearStanding(standing, entry, me()));
    },
    update(room, change) {
      const standing = standings.get(room);
      put(room, standing && change(standing));
    },
    remove(room) {
      expected.remove(room);
      put(room, undefined);
    },
    close: () => expected.close(),
  };
  return rooms;
}

/** Makes one summary of one standing, and one list of one state of all of them. */
function createSummaries() {
  const summaryOf = remembered(toSummary);
  return {
    one: (standing: Standing | undefined) => standing && summaryOf(standing),
    all: remembered((standings: OwnRooms['standings']) =>
      Array.from(standings.values(), (standing) => summaryOf(standing)).toSorted(byLastSpoken),
    ),
  };
}

function withRoom(
  standings: OwnRooms['standings'],
  room: string,
  standing: Standing | undefined,
): OwnRooms['standings'] {
  const next = new Map(standings);
  if (standing === undefined) next.delete(room);
  else next.set(room, standing);
  return next;
}
