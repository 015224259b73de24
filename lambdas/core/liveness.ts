import type { ConnectionsApi } from './aws/connections-api.ts';
import type { Occupant } from './occupancy.ts';

/**
 * Finds connections that are no more although nobody said so: `$disconnect` is best effort, and in a
 * silent room no post finds out. So when somebody begins to look at a room, API Gateway is asked for
 * those of its connections that came long ago. What it answers is remembered for a while; to forget it
 * (with the sandbox) costs another question.
 */
export type Liveness = (occupants: readonly Occupant[]) => Promise<readonly Occupant[]>;

/** API Gateway cuts a dead socket after 10 minutes; one that came later than this is not asked for. */
export const CERTAIN_MS = 12 * 60_000;

/** Connections asked for at one time, and remembered; the longest unasked is forgotten first. */
const PROBES_AT_ONCE = 100;
const PROBES_REMEMBERED = 10_000;

export function createLiveness(options: {
  readonly api: Pick<ConnectionsApi, 'isGone'>;
  readonly now?: () => number;
}): Liveness {
  const { api, now = Date.now } = options;
  /** When a connection was last known to be there. Milliseconds. */
  const probedAt = new Map<string, number>();

  const remember = (connection: string) => {
    probedAt.delete(connection);
    probedAt.set(connection, now());
    const [oldest] = probedAt.keys();
    if (probedAt.size > PROBES_REMEMBERED && oldest !== undefined) probedAt.delete(oldest);
  };

  return async (occupants) => {
    const doubtful = occupants
      .filter(
        ({ connection, since }) =>
          Math.max(since, probedAt.get(connection) ?? 0) < now() - CERTAIN_MS,
      )
      .slice(0, PROBES_AT_ONCE);
    const probed = await Promise.all(
      doubtful.map(async (occupant) => {
        const gone = await api.isGone(occupant.connection);
        if (!gone) remember(occupant.connection);
        return gone ? [occupant] : [];
      }),
    );
    return probed.flat();
  };
}
