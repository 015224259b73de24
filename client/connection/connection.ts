/**
 * Keeps somebody connected: tries again when the connection is lost, until it is closed or the server
 * says that no further try will do, and says where it stands.
 */
import { createAttempts } from './attempts.ts';
import type { End } from './close-reasons.ts';
import type { ConnectionState } from './connection-state.ts';
import type { LineOptions } from './line.ts';
import { onPageWake } from './page.ts';
import { createRelay } from './relay.ts';
import { toWaitMs } from './retry-after.ts';
import type { Session } from './session.ts';
import { toSocketUrl } from './url.ts';
import { createWatchedState } from './watched-state.ts';

export interface ConnectionOptions extends LineOptions {
  /** Somebody is signed in, and calls `caughtUp` when nothing is missing any more. */
  readonly signedIn: (user: string) => void;
  /** The connection is no more. */
  readonly lost: () => void;
}

export interface Connection {
  readonly state: ConnectionState;
  /** The socket that requests go out on. */
  readonly present: Session | undefined;
  onState(listener: (state: ConnectionState) => void): () => void;
  connect(): void;
  caughtUp(): void;
  /** Ends the connection from this side, as if it had ended so. */
  end(end: End): void;
  close(): void;
}

export function createConnection(options: ConnectionOptions): Connection {
  const { clock, random, problem, onWake = onPageWake } = options;
  const watched = createWatchedState();
  let signedInAt: number | undefined;

  const ended = (end: End) => {
    const signedInMs = signedInAt === undefined ? 0 : clock.now() - signedInAt;
    signedInAt = undefined;
    options.lost();
    if (end.fatal) {
      return watched.move({ name: 'failed', code: end.code, message: end.message });
    }
    const retryAt = attempts.again(signedInMs, toWaitMs(end.retryAfter ?? 0, problem));
    watched.move({ name: 'offline', retryAt, reason: end.reason });
  };
  const relay = createRelay({
    ...options,
    url: toSocketUrl(options.url),
    opened: () => watched.move({ name: 'authenticating' }),
    signedIn(user, seamless) {
      signedInAt ??= clock.now();
      if (!seamless && watched.state.name !== 'recovering') watched.move({ name: 'recovering' });
      options.signedIn(user);
    },
    ended,
  });
  const attempts = createAttempts({
    clock,
    random,
    attempt(attempt) {
      watched.move({ name: 'connecting', attempt });
      relay.start();
    },
  });
  const stopWaking = onWake(() => {
    if (watched.state.name === 'offline') attempts.soon();
    else relay.present?.wake();
  });
  return {
    get state() {
      return watched.state;
    },
    get present() {
      return relay.present;
    },
    onState: (listener) => watched.on(listener),
    connect() {
      if (['idle', 'offline', 'failed'].includes(watched.state.name)) attempts.soon();
    },
    caughtUp() {
      relay.release();
      if (watched.state.name === 'recovering') watched.move({ name: 'online' });
    },
    end(end) {
      relay.stop();
      ended(end);
    },
    close() {
      if (watched.state.name === 'closed') return;
      stopWaking();
      attempts.cancel();
      relay.stop();
      options.lost();
      watched.move({ name: 'closed' });
    },
  };
}
