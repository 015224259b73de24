import { expect, test } from 'vitest';

import { manualClock } from '../../emulator/clock.ts';
import { startChat } from '../support/chat.ts';
import { moving } from './moving.ts';
import { numbers } from './person.ts';

/*
 * Goal: a stream that lags by an hour delays messages and loses none. Method: the stream stands still for
 * an hour of a clock that the test moves; API Gateway cuts those who were idle, as it would.
 */
const HOUR_MS = 3_600_000;

test('[L1] [L3] a stream that lags by an hour: all is accepted at once and numbered later, in order, once', async () => {
  const clock = manualClock(Date.now());
  const server = await startChat({ clock });
  const alice = await server.signIn('alice', ['ack']);
  alice.say('lobby', 'before');
  await alice.until(({ message }) => message?.text === 'before');
  await moving(clock, server.settles());

  server.cloud.faults.add({
    fault: 'stream-stall',
    ms: HOUR_MS,
    where: { resource: '*Broadcast*' },
    when: { first: 1 },
  });
  for (const text of ['one', 'two', 'three']) {
    const uuid = alice.say('lobby', text);
    await alice.until((frame) => frame.uuid === uuid && frame.status === 'accepted');
  }
  expect(await server.log('lobby')).toHaveLength(1);

  // Whoever was silent for ten minutes is cut; the messages come all the same.
  for (let minute = 0; minute < 60; minute += 1) clock.advance(HOUR_MS / 60);
  expect((await alice.closed).code).toBe(1001);
  await moving(clock, server.settles());
  const log = await server.log('lobby');
  expect(log.map((row) => Number(row['seq']))).toEqual(numbers(4));

  const again = await server.signIn('alice');
  const synced = await again.ask({ action: 'sync', rooms: { lobby: 1 } });
  expect(synced).toMatchObject({
    rooms: { lobby: { head: 4, entries: [{ text: 'one' }, { text: 'two' }, { text: 'three' }] } },
  });
  again.say('lobby', 'after');
  await again.until(({ message }) => message?.seq === 5);
});
