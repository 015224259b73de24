import { expect, test } from 'vitest';

import { contestantNamed } from '../../bench/drops/contestants.ts';
import { runCrowd } from '../../bench/drops/crowd.ts';
import type { Profile } from '../../bench/drops/profile.ts';
import { startServing } from '../../bench/drops/serving.ts';
import { shaking } from '../../bench/drops/shaking.ts';

/*
 * The drop profile of `npm run bench:drops`, for a moment: what counts here is that nothing is
 * lost and nothing is shown twice, and not how fast it is on a machine that does other things, too.
 */

const PROFILE: Profile = { clients: 200, roomSize: 50, minutes: 0.3, speed: 0.5, seed: 1 };

test('[S1] two hundred clients whose connections break off again and again are shown everything, once', async () => {
  const serving = await startServing('Parley', PROFILE);
  const result = await runCrowd(contestantNamed('Parley'), serving, PROFILE, shaking(PROFILE));
  await serving.close();
  const { breaks, said, confirmed, expected, delivered, duplicates, gaps, replayMs } = result;
  expect(breaks).toBeGreaterThan(50);
  expect(gaps).toBeGreaterThan(20);
  expect(confirmed).toBe(said);
  expect(expected).toBe(said * PROFILE.roomSize);
  expect({ delivered, duplicates, closed: replayMs.length }).toEqual({
    delivered: expected,
    duplicates: 0,
    closed: gaps,
  });
}, 240_000);
