/** The networks of all members break off again and again, for as long as the profile says; then all hold. */
import type { Event } from './crowd.ts';
import { pause } from './network.ts';
import type { Profile } from './profile.ts';

const MINUTE_MS = 60_000;

export const shaking =
  (profile: Profile): Event =>
  async (members, signal) => {
    const over = new AbortController();
    const shakes = members.map(({ network, random }) =>
      network.shake(profile, random, over.signal),
    );
    await pause((profile.minutes * MINUTE_MS) / profile.speed, signal);
    over.abort();
    await Promise.all(shakes);
  };
