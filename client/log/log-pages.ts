/** Reads pages of a room's log with `history`, into the client's copy. */
import type { HistoryReply } from '../../protocol/log-replies.ts';
import type { Line } from '../connection/line.ts';
import type { LogCopy } from './log-copy.ts';
import type { Outcome } from '../outcome.ts';

/** Entries in a page. */
export const PAGE_COUNT = 50;

/** How often a page is asked for again because too much happened while it was read. */
const REPEATS_MAX_COUNT = 3;

export type Page = HistoryReply['entries'];

type Read = Outcome<{ readonly entries: Page }>;

export interface LogPages {
  /** The newest page, with which the copy begins. */
  begin(): Promise<Read>;
  /** A page of another place; `fits` says whether it is the one that was asked for. */
  insert(place: object, fits?: (page: Page) => boolean): Promise<Read>;
}

const BAD_PAGE = {
  ok: false,
  code: 'bad_page',
  message: 'The server answered with what is no part of the log',
} as const;

const TOO_LATE = {
  ok: false,
  code: 'timed_out',
  message: 'Too much happened in the room while it was read',
} as const;

export function createLogPages(room: string, ask: Line['ask'], copy: LogCopy): LogPages {
  async function read(place: object): Promise<Read> {
    const answer = await ask({ ...place, action: 'history', room, limit: PAGE_COUNT });
    if (!answer.ok) return answer;
    const { reply } = answer;
    const isPage = reply.action === 'history' && 'entries' in reply;
    return isPage ? { ok: true, entries: reply.entries } : BAD_PAGE;
  }
  return {
    async begin() {
      for (let repeats = 0; repeats < REPEATS_MAX_COUNT; repeats += 1) {
        const { drops } = copy;
        const page = await read({});
        // Read while one was still in the room, perhaps: what may be shown now is asked anew.
        if (page.ok && copy.drops !== drops) continue;
        return page.ok && !copy.begin(page.entries) ? BAD_PAGE : page;
      }
      return TOO_LATE;
    },
    async insert(place, fits = () => true) {
      for (let repeats = 0; repeats < REPEATS_MAX_COUNT; repeats += 1) {
        const since = copy.timeline?.end ?? 0;
        const page = await read(place);
        if (!page.ok) return page;
        const done = fits(page.entries) ? copy.insert(page.entries, since) : 'bad';
        if (done !== 'old') return done === 'done' ? page : BAD_PAGE;
      }
      return TOO_LATE;
    },
  };
}
