import { expect, test } from 'vitest';

import { startChat } from '../support/chat.ts';
import { enter, numbers } from './person.ts';

/*
 * Goal: an event source mapping that is replaced, and begins again with the oldest record, doubles
 * nothing. Method: it is replaced again and again while clients talk. (`stories/replay.test.ts` replays
 * a stream at rest, and after a restart.)
 */
test('[L1] [L2] [D2] the mapping replaced while people talk doubles nothing and loses nothing', async () => {
  const server = await startChat();
  const [alice, bob] = [await enter(server, 'alice'), await enter(server, 'bob')];
  for (let round = 1; round <= 4; round += 1) {
    for (const { lobby } of [alice, bob]) {
      for (let count = 0; count < 3; count += 1) lobby.send(`${round}.${count}`);
    }
    for (const mapping of server.cloud.mappings.values()) mapping.replay('TRIM_HORIZON');
    await Promise.all([alice, bob].map((person) => person.sees(6 * round)));
  }
  await server.settles();
  const log = await server.log('lobby');
  expect(log.map((row) => Number(row['seq']))).toEqual(numbers(24));
  expect(new Set(log.map((row) => `${String(row['user'])} ${String(row['uuid'])}`)).size).toBe(24);
  expect(alice.texts()).toEqual(bob.texts());
  expect([...alice.problems, ...bob.problems]).toEqual([]);
});
