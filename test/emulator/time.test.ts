import { expect, test } from 'vitest';

import { manualClock } from '../../emulator/clock.ts';
import { startSmallCloud } from './faults/small-cloud.ts';

/*
 * Goal: a whole cloud lives by the clock it is given: hours pass as fast as a test moves them. Method: real
 * sockets, functions and streams on a clock that stands still.
 */

const MINUTE_MS = 60_000;
const DURATION_MINUTES = 120;
/** Within the ten idle minutes. */
const PAUSE_MINUTES = 8;

test('[DOC e3] two hours of a busy connection pass at once, and end it with 1001', async () => {
  const clock = manualClock();
  const cloud = await startSmallCloud({ clock });
  const client = await cloud.open();
  for (let minute = PAUSE_MINUTES; minute < DURATION_MINUTES; minute += PAUSE_MINUTES) {
    clock.advance(PAUSE_MINUTES * MINUTE_MS);
    await client.run();
  }
  clock.advance(PAUSE_MINUTES * MINUTE_MS - 1);
  await client.run();
  clock.advance(1);
  expect(await client.closed).toBe(1001);
  await cloud.settled();
  expect(cloud.said('small-disconnect').join()).toContain(`gone ${client.connectionId} 1001`);
});

test('[REC c16] ten idle minutes pass at once', async () => {
  const clock = manualClock();
  const cloud = await startSmallCloud({ clock });
  const client = await cloud.open();
  clock.advance(10 * MINUTE_MS);
  expect(await client.closed).toBe(1001);
});
