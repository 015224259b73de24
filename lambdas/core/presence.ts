import { PRESENCE_MAX_CONNECTIONS } from '../../protocol/limits.ts';
import type { PresenceFrame } from '../../protocol/pushed.ts';
import { type Comings, comingsOf, type ConnectionRecord } from './comings.ts';
import type { Deliver } from './deliver.ts';
import type { Forget } from './forget.ts';
import { splitFrame } from './frames.ts';
import type { LastSeen } from './last-seen.ts';
import type { Liveness } from './liveness.ts';
import { devicesByUser, type Occupancy } from './occupancy.ts';
import type { Viewers } from './viewers.ts';

/**
 * Presence: who is online is what the Connections table says, and its stream tells those who look. What
 * happens in a room within one batching window is one frame for each viewer, whoever came or went: when
 * a thousand clients come back at once, the posts grow with their number and not with its square. A
 * room that nobody looks at costs one small query. In a room too large to be read, nobody is told.
 */
export interface Presence {
  /** Answers how many posts there were. */
  (records: readonly ConnectionRecord[], deadline: number): Promise<number>;
}

export function createPresence(options: {
  readonly occupancy: Occupancy;
  readonly viewers: Viewers;
  readonly lastSeen: LastSeen;
  readonly liveness: Liveness;
  readonly deliver: Deliver;
  readonly forget: Forget;
}): Presence {
  const { occupancy, viewers, lastSeen, liveness, deliver, forget } = options;

  /** Who is gone without a word is forgotten, and the removal of the rows tells the viewers. */
  const probe = async (room: string) => {
    const gone = await liveness(await occupancy(room));
    await Promise.all(gone.map(({ connection, user }) => forget(connection, user)));
  };

  type People = Comings['rooms'] extends ReadonlyMap<string, infer Of> ? Of : never;
  const tell = async (room: string, people: People, deadline: number) => {
    const looking = (await viewers.of(room)).filter(({ features }) =>
      features.includes('presence'),
    );
    if (looking.length === 0) return 0;
    // Consistent: an older state would never be put right.
    const occupants = await occupancy(room, { consistent: true });
    if (occupants.length >= PRESENCE_MAX_CONNECTIONS) return 0;
    const devices = devicesByUser(occupants);
    const states = [...people].map(([user, { seenAt }]) => {
      const online = devices.get(user) ?? 0;
      const seen = online === 0 && seenAt !== undefined ? { last_seen: seenAt / 1_000 } : {};
      return { user, online, ...seen };
    });
    const frames = splitFrame(states, (part): PresenceFrame => ({
      uuid: null,
      action: 'presence',
      status: 'success',
      room,
      people: part,
    }));
    const { posted, gone } = await deliver(looking, frames, deadline);
    await Promise.all(gone.map(({ connection, user }) => forget(connection, user)));
    return posted;
  };

  return async (records, deadline) => {
    const { rooms, lookedAt, gone } = comingsOf(records);
    const [posts] = await Promise.all([
      Promise.all([...rooms].map(([room, people]) => tell(room, people, deadline))),
      Promise.all([...lookedAt].map(probe)),
      Promise.all([...gone].map(([user, at]) => lastSeen.note(user, at))),
    ]);
    return posts.reduce((sum, one) => sum + one, 0);
  };
}
