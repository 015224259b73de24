/** The networks of many clients, each broken off again and again by the profile. */
import { setTimeout as sleep } from 'node:timers/promises';

import { type Network, startNetwork } from '../../test/support/network.ts';
import { about, DOWN_MS, type Profile, UP_MS } from './profile.ts';
import type { Witness } from './witness.ts';

export interface ShakyNetwork extends Network {
  /** Breaks off and comes back until the signal says stop; then it is whole. */
  shake(profile: Profile, random: () => number, signal: AbortSignal): Promise<void>;
  /** Connections that ended without being cut. */
  lost(): number;
  /** Times that it broke off. */
  breaks(): number;
}

export async function startShakyNetwork(url: string, witness: Witness): Promise<ShakyNetwork> {
  let lost = 0;
  let breaks = 0;
  const network = await startNetwork(url, {
    connected: () => witness.reconnected(performance.now()),
    ended: () => (lost += 1),
  });
  return {
    ...network,
    lost: () => lost,
    breaks: () => breaks,
    async shake(profile, random, signal) {
      for (;;) {
        await pause(about(UP_MS, profile, random), signal);
        if (signal.aborted) return;
        network.cut();
        breaks += 1;
        await pause(about(DOWN_MS, profile, random), signal);
        witness.restored(performance.now());
        network.restore();
      }
    },
  };
}

/** Ends early when the signal does. */
export const pause = (ms: number, signal: AbortSignal): Promise<unknown> =>
  sleep(ms, undefined, { signal }).catch(() => {});
