/**
 * A relay of sockets. API Gateway ends every connection after two hours, so each socket is replaced in
 * good time: its successor is opened and signed in first, catches up, and only then the old one closes,
 * when nothing is under way on it. In between frames come in on both; nothing is missed, and nobody sees
 * the user leave. While no successor gets through, the present socket stays.
 */
import { createAttempts } from './attempts.ts';
import type { End } from './close-reasons.ts';
import type { LineOptions } from './line.ts';
import { openSession, type Session } from './session.ts';
import { createTimer } from '../timer.ts';

/** A socket is replaced at a random age, so that those opened together are not replaced together. */
export const REPLACED_AFTER_MIN_MS = 60 * 60_000;
export const REPLACED_AFTER_MAX_MS = 115 * 60_000;

export interface RelayOptions extends LineOptions {
  /** The first socket is open. */
  readonly opened: () => void;
  /**
   * Somebody is signed in on the present socket: a new one, a successor, or one whose session had ended
   * and was renewed. `seamless`: until now another socket told everything.
   */
  readonly signedIn: (user: string, seamless: boolean) => void;
  /** The present socket was lost, or there is no use in any other. Called once for each `start`. */
  readonly ended: (end: End) => void;
}

export interface Relay {
  /** The socket that requests go out on. */
  readonly present: Session | undefined;
  start(): void;
  /** The present socket has all that its predecessor had: that one may go. */
  release(): void;
  /** Closes all sockets, and calls no handler any more. */
  stop(): void;
}

export function createRelay(options: RelayOptions): Relay {
  const { clock, random } = options;
  let present: Session | undefined;
  let successor: Session | undefined;
  let former: Session | undefined;

  const open = (opened: () => void) => {
    const session: Session = openSession({
      ...options,
      opened,
      signedIn(user) {
        const seamless = session === successor;
        if (seamless) takeOver(session);
        if (session === present) options.signedIn(user, seamless);
      },
      ended(end) {
        if (session === present || (session === successor && end.fatal)) finish(end);
        else if (session === successor) retries.again(0);
      },
    });
    return session;
  };
  const retries = createAttempts({
    clock,
    random,
    attempt: () => (successor = open(() => {})),
  });
  const replacement = createTimer(clock, () => retries.soon());
  const replaceLater = () => {
    const range = REPLACED_AFTER_MAX_MS - REPLACED_AFTER_MIN_MS;
    const age = REPLACED_AFTER_MIN_MS + Math.floor(random() * range);
    replacement.start(age);
  };
  const takeOver = (session: Session) => {
    former?.close();
    former = present;
    present = session;
    successor = undefined;
    replaceLater();
  };
  const stop = () => {
    replacement.stop();
    retries.cancel();
    for (const session of [present, successor, former]) session?.close();
    present = successor = former = undefined;
  };
  const finish = (end: End) => {
    stop();
    options.ended(end);
  };
  return {
    get present() {
      return present;
    },
    start() {
      present = open(options.opened);
      replaceLater();
    },
    release() {
      const old = former;
      former = undefined;
      void old?.settled().then(() => old.close());
    },
    stop,
  };
}
