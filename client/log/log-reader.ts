/**
 * Reads a room's log from the server into its copy, page by page, towards where somebody wants to read.
 * One thing is asked for at a time.
 */
import type { Line } from '../connection/line.ts';
import type { LogCopy } from './log-copy.ts';
import { createLogPages, type Page } from './log-pages.ts';
import { createOneAtATime } from '../one-at-a-time.ts';
import type { Outcome } from '../outcome.ts';
import { knows, stretch } from './timeline.ts';

/** Pages in one go that hold no message, before it is left to the reader to ask for more. */
const BARE_PAGES_MAX_COUNT = 5;

export interface LogReaderOptions {
  readonly room: string;
  readonly ask: Line['ask'];
  readonly copy: LogCopy;
  /** The newest page was read. */
  readonly began: () => void;
  /** `loading` changed. */
  readonly changed: () => void;
}

export interface LogReader {
  /** Something is under way. */
  readonly loading: boolean;
  /** Reads the newest page, unless that was done. */
  open(): Promise<Outcome>;
  older(): Promise<Outcome>;
  newer(): Promise<Outcome>;
  around(seq: number): Promise<Outcome>;
  latest(): Promise<Outcome>;
  /** Over a gap to the newest page; who reads elsewhere gets a fresh page of that place. */
  jump(): Promise<Outcome>;
}

type Way = 'older' | 'newer';

const OK: Outcome = { ok: true };

const NOT_THERE: Outcome = {
  ok: false,
  code: 'invalid_target',
  message: 'There is no such message in this room',
};

export function createLogReader(options: LogReaderOptions): LogReader {
  const { room, ask, copy, began, changed } = options;
  const pages = createLogPages(room, ask, copy);
  const queue = createOneAtATime<Outcome>(changed);

  const begin = async (): Promise<Outcome> => {
    const page = await pages.begin();
    if (page.ok) began();
    return page;
  };
  async function goTo(seq: number): Promise<Outcome> {
    const isThere = () => copy.timeline !== undefined && knows(copy.timeline, seq);
    if (!isThere()) {
      const page = await pages.insert({ around: seq });
      if (!page.ok) return page;
    }
    if (!isThere()) return NOT_THERE;
    copy.readAt(seq);
    return OK;
  }
  async function grow(way: Way): Promise<Outcome> {
    for (let bare = 0; bare < BARE_PAGES_MAX_COUNT; bare += 1) {
      const step = stepOf(copy, way);
      if (step === undefined) return OK;
      const page = await pages.insert(step.place, step.fits);
      if (!page.ok) return page;
      moveTo(copy, way);
      if (page.entries.some(({ kind }) => kind === 'message')) return OK;
    }
    return OK;
  }
  const opened = async (): Promise<Outcome> => (copy.timeline === undefined ? begin() : OK);
  const then = (work: () => Promise<Outcome>) => async (): Promise<Outcome> => {
    const outcome = await opened();
    return outcome.ok ? work() : outcome;
  };

  return {
    get loading() {
      return queue.busy;
    },
    open: () => queue.run('open', opened),
    older: () =>
      queue.run(
        'older',
        then(() => grow('older')),
      ),
    newer: () =>
      queue.run(
        'newer',
        then(() => grow('newer')),
      ),
    around: (seq) =>
      queue.run(
        `around ${seq}`,
        then(() => goTo(seq)),
      ),
    latest: () =>
      queue.run(
        'latest',
        then(async () => (copy.readAt('end'), OK)),
      ),
    jump: () =>
      queue.run('jump', async () => {
        const place = copy.timeline?.place ?? 'end';
        const outcome = await begin();
        return outcome.ok && place !== 'end' ? goTo(place) : outcome;
      }),
  };
}

/** What to ask for beyond the stretch; undefined where there is nothing more. */
function stepOf({ timeline }: LogCopy, way: Way) {
  const entries = timeline === undefined ? [] : stretch(timeline);
  const first = entries[0]?.seq ?? 1;
  const last = entries.at(-1)?.seq ?? 0;
  if (way === 'older') {
    if (first === 1) return undefined;
    return { place: { before: first }, fits: (page: Page) => page.at(-1)?.seq === first - 1 };
  }
  if (last >= (timeline?.end ?? 0)) return undefined;
  return { place: { after: last }, fits: (page: Page) => page[0]?.seq === last + 1 };
}

/** One reads at that end of the stretch now. */
function moveTo(copy: LogCopy, way: Way): void {
  const entries = copy.timeline === undefined ? [] : stretch(copy.timeline);
  const edge = entries.at(way === 'older' ? 0 : -1)?.seq;
  copy.readAt(edge === undefined || edge === copy.timeline?.end ? 'end' : edge);
}
