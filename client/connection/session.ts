/**
 * One socket of somebody: opens it, signs in, asks, beats, and renews the sign-in when the server says
 * that it has ended. It ends once, with a reason, and never tries again: that is the line's to decide.
 */
import { createAsks } from './asks.ts';
import type { End } from './close-reasons.ts';
import { isBroadcast } from './frames.ts';
import type { Answer, Frame, LineOptions } from './line.ts';
import { startPulse, type Pulse } from './pulse.ts';
import { createRenewal } from './renewal.ts';
import { createRequest } from './requests.ts';
import { signIn } from './sign-in.ts';
import { createTimer } from '../timer.ts';
import { newUuid } from '../uuid.ts';
import { openWire } from './wire.ts';

/** How long a socket may take to open, and then the sign-in, the token callback included. */
export const SIGN_IN_MAX_MS = 30_000;

export interface SessionOptions extends Pick<
  LineOptions,
  'url' | 'token' | 'openSocket' | 'clock' | 'heartbeat' | 'receive' | 'problem'
> {
  readonly opened: () => void;
  /** Somebody is signed in, for the first time or again: what came in between was missed. */
  readonly signedIn: (user: string) => void;
  /** Called once, unless `close` was called before. */
  readonly ended: (end: End) => void;
}

export interface Session {
  ask(frame: Frame, uuid: string): Promise<Answer>;
  /** Finds out at once whether the socket still lives. */
  wake(): void;
  /** Closes without a word; what is under way comes to `offline`. */
  close(): void;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
}

export function openSession(options: SessionOptions): Session {
  const { clock, problem, receive } = options;
  const asks = createAsks(clock);
  let pulse: Pulse | undefined;
  let user: string | undefined;

  const watch = createTimer(clock, () => giveUp('no_answer'));
  watch.start(SIGN_IN_MAX_MS);
  const stop = () => {
    watch.stop();
    pulse?.close();
    asks.end();
  };
  const wire = openWire({
    ...options,
    opened() {
      options.opened();
      void authenticate();
    },
    heard: () => pulse?.heard(),
    received(frame) {
      const answers = asks.answer(frame, user);
      if (!answers || isBroadcast(frame)) receive(frame);
    },
    ended(end) {
      stop();
      options.ended(end);
    },
  });
  const giveUp = (reason: 'no_answer' | 'refused') => wire.end({ fatal: false, reason });
  const request = createRequest({ asks, clock, problem, send: (text) => wire.send(text) });

  /** Whether somebody is signed in; the socket has ended otherwise. */
  async function authenticate(): Promise<boolean> {
    watch.start(SIGN_IN_MAX_MS);
    const result = await signIn(options.token, (frame) => request(frame, newUuid()));
    if ('fatal' in result) wire.end(result);
    if ('fatal' in result || !wire.open) return false;
    watch.stop();
    user = result.user;
    renewal.signedIn();
    pulse ??= startPulse({ clock, beat: () => void beat(), dead: () => giveUp('no_answer') });
    options.signedIn(user);
    return true;
  }
  const renewal = createRenewal({
    clock,
    request,
    // A token callback may never answer.
    signIn: () => Promise.race([authenticate(), asks.ended.then(() => false)]),
    giveUp: () => giveUp('refused'),
  });
  async function ask(frame: Frame, uuid: string): Promise<Answer> {
    const answer = await renewal.ask(frame, uuid);
    if (!answer.ok && answer.code === 'timed_out') pulse?.wake();
    return answer;
  }
  async function beat(): Promise<void> {
    const frame = options.heartbeat() ?? { action: 'list_rooms', limit: 1 };
    const answer = await renewal.ask(frame, newUuid());
    if (answer.ok && !isBroadcast(answer.reply)) receive(answer.reply);
  }
  return {
    ask,
    wake: () => pulse?.wake(),
    close() {
      stop();
      wire.close();
    },
    settled: () => asks.settled(),
  };
}
