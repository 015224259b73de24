/**
 * A line over a socket of this tab's own. After each sign-in it selects the room that the tab looks at
 * and catches up; requests go out on the present socket.
 */
import { createConnection } from './connection.ts';
import { isSignedIn } from './connection-state.ts';
import type { Line, LineOptions } from './line.ts';
import { createRecovery } from './recovery.ts';
import { CLOSED, OFFLINE } from './requests.ts';
import { createSelection } from './selection.ts';
import { newUuid } from '../uuid.ts';

/** Throws when the URL is none that may be used. */
export function createOwnLine(options: LineOptions): Line {
  let user: string | undefined;
  let room: string | undefined;

  const ask: Line['ask'] = async (frame, uuid = newUuid()) => {
    if (connection.state.name === 'closed') return CLOSED;
    const session = isSignedIn(connection.state) ? connection.present : undefined;
    return session === undefined ? OFFLINE : session.ask(frame, uuid);
  };
  const selection = createSelection(ask, options.receive);
  const recovery = createRecovery({
    recover: () =>
      Promise.all([room === undefined ? undefined : selection.select(room), options.recover()]),
    recovered: () => connection.caughtUp(),
    failed() {
      const message = 'What was missed could not be made up for';
      options.problem({ code: 'recover_failed', message });
      connection.end({ fatal: false, reason: 'lost' });
    },
  });
  const connection = createConnection({
    ...options,
    signedIn(name) {
      if (name !== (user ?? options.user ?? name)) {
        const message = 'The token is of another user';
        return connection.end({ fatal: true, code: 'other_user', message });
      }
      user = name;
      recovery.begin();
    },
    lost: () => recovery.cancel(),
  });

  return {
    get state() {
      return connection.state;
    },
    get user() {
      return user;
    },
    connect: () => connection.connect(),
    close: async () => connection.close(),
    ask,
    look(looked) {
      room = looked;
      if (room !== undefined && isSignedIn(connection.state)) void selection.select(room);
    },
    onState: (listener) => connection.onState(listener),
  };
}
