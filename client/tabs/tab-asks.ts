/** Requests of a tab that follows, under way at the tab that leads. They end with its answer, or with it. */
import { ASKS_MAX_COUNT } from '../connection/asks.ts';
import type { Clock } from '../clock.ts';
import type { Answer, Frame } from '../connection/line.ts';
import { ANSWER_MAX_MS, NO_JSON, OFFLINE, TOO_MANY } from '../connection/requests.ts';
import type { TabMessage } from './tab-channel.ts';

/** When the leader's answer is overdue: it has a time limit of its own, and is asked on the way. */
const OVERDUE_MS = ANSWER_MAX_MS + 2_000;

export interface TabAsksOptions {
  readonly tab: string;
  readonly clock: Clock;
  readonly post: (message: TabMessage) => void;
  /** The leader should have answered by now. */
  readonly overdue: () => void;
}

export interface TabAsks {
  ask(frame: Frame, uuid: string): Promise<Answer>;
  answer(id: number, answer: Answer): void;
  /** Nobody will answer any more. */
  drop(): void;
}

export function createTabAsks({ tab, clock, post, overdue }: TabAsksOptions): TabAsks {
  const asks = new Map<number, (answer: Answer) => void>();
  let last = 0;

  return {
    ask(frame, uuid) {
      if (asks.size >= ASKS_MAX_COUNT) return Promise.resolve(TOO_MANY);
      last += 1;
      const id = last;
      return new Promise((resolve) => {
        const cancel = clock.after(OVERDUE_MS, overdue);
        asks.set(id, (answer) => {
          asks.delete(id);
          cancel();
          resolve(answer);
        });
        try {
          post({ type: 'ask', tab, id, frame, uuid });
        } catch {
          // What cannot be cloned for another tab could not be sent to the server either.
          asks.get(id)?.(NO_JSON);
        }
      });
    },
    answer: (id, answer) => asks.get(id)?.(answer),
    drop() {
      for (const done of asks.values()) done(OFFLINE);
    },
  };
}
