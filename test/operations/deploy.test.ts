import { expect, test } from 'vitest';

import { startChat, type TestChat } from '../support/chat.ts';
import { enter, numbers, type Person } from './person.ts';

/*
 * Goal: a deployment costs no connection and no message, at whatever moment it comes. Method: all
 * functions are replaced while real clients talk, and while the broadcaster is in the middle of a batch.
 */
const deploy = ({ cloud }: TestChat) => {
  for (const { name } of cloud.model.functions) cloud.lambda.deploy(name);
};

const connections = ({ cloud }: TestChat) =>
  cloud.apis[0]?.gateway.connections().map(({ connectionId }) => connectionId);

const said = async (server: TestChat) => (await server.log('lobby')).map((row) => row['seq']);

test('[L3] [D2] functions replaced while people talk: no connection and no message is lost', async () => {
  const server = await startChat();
  const people: readonly Person[] = await Promise.all(
    ['alice', 'bob'].map((user) => enter(server, user)),
  );
  const before = {
    connections: connections(server),
    states: people.map(({ states }) => [...states]),
  };
  for (let round = 1; round <= 5; round += 1) {
    for (const { lobby } of people) lobby.send(`message ${round}`);
    deploy(server);
    await Promise.all(people.map(({ sees }) => sees(2 * round)));
  }
  expect(connections(server)).toEqual(before.connections);
  expect(people.map(({ states }) => states)).toEqual(before.states);
  expect((await said(server)).map(Number)).toEqual(numbers(10));
  expect(people[0]?.texts()).toEqual(people[1]?.texts());
});

test('[L2] [D2] the broadcaster replaced in the middle of a batch: what is under way is finished, once', async () => {
  const server = await startChat();
  const [alice, bob] = [await server.signIn('alice'), await server.signIn('bob')];
  await server.settles();
  const rule = server.cloud.faults.add({ fault: 'post-slow', ms: 200, when: { first: 1 } });
  alice.say('lobby', 'in the middle');
  await Promise.race(
    [alice, bob].map((device) => device.until(({ message }) => message !== undefined)),
  );
  deploy(server);
  alice.say('lobby', 'after it');
  await server.settles();
  expect(server.cloud.faults.fired()).toHaveLength(1);
  rule();
  for (const device of [alice, bob]) {
    expect(device.heard('lobby')).toEqual(['in the middle', 'after it']);
  }
  expect((await said(server)).map(Number)).toEqual(numbers(2));
});
