/**
 * Carries the outbox to the server: what `outbox.ts` says can go out goes out, and what comes of it is
 * noted. A message that the server has accepted, and that nobody has heard of since, is asked after.
 */
import type { Clock } from '../clock.ts';
import type { Answer, Line } from '../connection/line.ts';
import type { Mailbox } from './mailbox.ts';
import { isRetryable, sendable, type Unsent } from './outbox.ts';
import { toFields } from './refusal.ts';
import { createTimer } from '../timer.ts';

/** How long after a failure that may pass a room's messages go out again; sooner on a new connection. */
export const RETRY_MS = 2_000;

/** The longest pause of slow mode that is waited for; a longer one fails the message. */
export const PAUSE_MAX_S = 60;

/** How long an accepted message may take to come back with its number; each further time twice as long, up to a minute. */
export const NUMBER_MAX_MS = 5_000;
const NUMBER_PAUSE_MAX_MS = 60_000;

export interface CourierOptions {
  readonly ask: Line['ask'];
  readonly clock: Clock;
  readonly mailbox: Mailbox;
  /** A message of the room is accepted, and its number does not come. */
  readonly overdue: (room: string) => void;
}

export interface Courier {
  /** Somebody is signed in: fetches what he left unsent, and sends. */
  begin(user: string): Promise<void>;
  /** Sends what can go out, if somebody is signed in. */
  send(): void;
  close(): void;
}

export function createCourier(options: CourierOptions): Courier {
  const { ask, clock, mailbox } = options;
  let state: 'new' | 'loading' | 'open' | 'closed' = 'new';
  const underWay = new Set<string>();
  /** Rooms in which nothing goes out for a moment, with what ends that. */
  const paused = new Map<string, () => void>();
  const numbers = createNumberWatch(options);

  const pause = (room: string, ms: number) => {
    if (state !== 'open') return;
    const end = () => {
      paused.delete(room);
      send();
    };
    paused.get(room)?.();
    paused.set(room, clock.after(ms, end));
  };
  const unpause = () => {
    for (const cancel of paused.values()) cancel();
    paused.clear();
  };
  function send(): void {
    if (state !== 'open') return;
    for (const message of sendable(mailbox.outbox, underWay)) {
      if (!paused.has(message.room)) void carry(message);
    }
  }
  async function carry(message: Unsent): Promise<void> {
    underWay.add(message.uuid);
    const fields = toFields(message);
    const answer = await ask(
      { ...fields, action: 'new_message', room: message.room },
      message.uuid,
    );
    underWay.delete(message.uuid);
    // The log may show it already; or it is not wanted any more.
    if (mailbox.find(message.uuid) !== undefined) settle(message, answer);
    send();
  }
  function settle(message: Unsent, answer: Answer): void {
    if (answer.ok) {
      if (state === 'open') numbers.expect();
      return mailbox.accept(message);
    }
    const { code, retryAfter = Infinity } = answer;
    const isSlow = code === 'slow_mode' && retryAfter <= PAUSE_MAX_S;
    if (!isSlow && !isRetryable(code)) return mailbox.fail(message, code);
    pause(message.room, isSlow ? retryAfter * 1_000 : RETRY_MS);
  }
  return {
    async begin(user) {
      unpause();
      if (state === 'new') {
        state = 'loading';
        await mailbox.load(user);
        if (state === 'loading') state = 'open';
      }
      send();
    },
    send,
    close() {
      state = 'closed';
      numbers.stop();
      unpause();
    },
  };
}

/** Asks after messages that are accepted and have no number, as long as there are any. */
function createNumberWatch({ clock, mailbox, overdue }: CourierOptions) {
  let patienceMs = NUMBER_MAX_MS;
  const timer = createTimer(clock, () => {
    const lost = mailbox.outbox.filter(({ accepted }) => accepted === true);
    if (lost.length === 0) return;
    for (const room of new Set(lost.map(({ room }) => room))) overdue(room);
    // The server may not have come to it yet.
    patienceMs = Math.min(2 * patienceMs, NUMBER_PAUSE_MAX_MS);
    timer.start(patienceMs);
  });
  return {
    expect() {
      patienceMs = NUMBER_MAX_MS;
      timer.start(patienceMs);
    },
    stop: () => timer.stop(),
  };
}
