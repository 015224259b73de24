/**
 * Signals of a room, out and in. Out: the latest state wins, and one is under way at a time, so that the
 * next one tells what is true then. In: of each person only what is newer than what was shown.
 */
import type { SignalFrame } from '../../protocol/pushed.ts';
import type { Line } from '../connection/line.ts';

/** People whose latest signal is remembered. */
const PEOPLE_MAX_COUNT = 1_000;

export interface Signals {
  send(data: unknown): void;
  hear(frame: SignalFrame): void;
}

export interface SignalsOptions {
  readonly room: string;
  readonly ask: Line['ask'];
  readonly heard: (signal: { readonly user: string; readonly data: unknown }) => void;
}

export function createSignals({ room, ask, heard }: SignalsOptions): Signals {
  const orders = new Map<string, number>();
  let next: { readonly data: unknown } | undefined;
  let isUnderWay = false;

  async function send(): Promise<void> {
    isUnderWay = true;
    while (next !== undefined) {
      const { data } = next;
      next = undefined;
      await ask({ action: 'signal', room, data });
    }
    isUnderWay = false;
  }
  return {
    send(data) {
      next = { data };
      if (!isUnderWay) void send();
    },
    hear({ user: { username: user }, order, data }) {
      if (order <= (orders.get(user) ?? -1)) return;
      const [longestAgo] = orders.keys();
      if (orders.size >= PEOPLE_MAX_COUNT && longestAgo !== undefined) orders.delete(longestAgo);
      orders.delete(user);
      orders.set(user, order);
      heard({ user, data });
    },
  };
}
