import type { Online } from './online.ts';
import type { RoomsOfUser } from './rooms.ts';
import type { Sessions } from './sessions.ts';

/**
 * Removes every row of a connection that is no more. Three things find out about one: `$disconnect`,
 * which may never come; a post that answers 410; and the TTL, for what both missed.
 */
export type Forget = (connection: string, user?: string) => Promise<void>;

export function createForget(options: {
  readonly sessions: Sessions;
  readonly online: Online;
  readonly rooms: RoomsOfUser;
}): Forget {
  const { sessions, online, rooms } = options;
  return async (connection, knownUser) => {
    const { user = knownUser, looksAt } = await sessions.close(connection);
    if (user !== undefined) await online.leave(connection, user, await rooms.of(user), looksAt);
  };
}
