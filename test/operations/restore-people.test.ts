import { expect, test } from 'vitest';

import { SILENCE_MS } from '../../client/connection/heartbeat.ts';
import { ANSWER_MAX_MS } from '../../client/connection/requests.ts';
import { openWebSocket, type OpenSocket } from '../../client/connection/socket.ts';
import { createManualClock } from '../../client/testing/index.ts';
import { startChat, type TestChat } from '../support/chat.ts';
import type { Device } from '../support/device.ts';
import { deleteItems, itemsOf, restoreTable } from './items.ts';
import { enter } from './person.ts';

/*
 * Goal: what it means for people that the tables of who they are and where they are in are restored to
 * an older moment, and what makes it right. Method: a table is copied, things happen, and it becomes the
 * copy again while everybody stays connected.
 */

/** Says something, and waits until all who should have heard it. */
async function say(server: TestChat, device: Device, room: string, text: string): Promise<void> {
  device.say(room, text);
  await device.until(({ message }) => message?.text === text);
  await server.settles();
}

/** What the log tells of comings and goings, oldest first. */
const movesIn = async (server: TestChat, room: string) =>
  (await server.log(room)).flatMap(({ content }) => {
    const { kind, member, reason } = JSON.parse(String(content)) as Record<string, string>;
    return member === undefined ? [] : [[kind, member, reason].filter(Boolean).join(' ')];
  });

const mayRead = async (device: Device, room: string) =>
  (await device.ask({ action: 'history', room })).status === 'success';

const toAll = <Result>(devices: readonly Device[], ask: (device: Device) => Promise<Result>) =>
  Promise.all(devices.map(ask));

/** Puts new sandboxes in the place of all, which remember nothing: who left more than ten seconds ago, for one. */
const forgetAll = ({ cloud }: TestChat) => {
  for (const { name } of cloud.model.functions) cloud.lambda.deploy(name);
};

test('[P8] [P6] [M2] Rooms restored to an older moment: who came since is out, who was banned or left since is in, until it is done again', async () => {
  const server = await startChat();
  await server.directory.addUser('guest');
  const token = await server.directory.issueToken('guest', 1);
  const signIn = async (user: string) => {
    const device = await server.connect();
    await device.authenticate(server.tokens[user] ?? token);
    return device;
  };
  const [alice, carol] = [await signIn('alice'), await signIn('carol')];
  const { room = '' } = await alice.ask({ action: 'create_room', name: 'Plans', kind: 'private' });
  for (const user of ['bob', 'guest']) await alice.ask({ action: 'invite', room, user });
  await server.settles();
  const before = await itemsOf(server, 'RoomsTable');
  await alice.ask({ action: 'ban', room, user: 'bob' });
  await alice.ask({ action: 'kick', room, user: 'guest' });
  await alice.ask({ action: 'invite', room, user: 'carol' });
  await server.settles();
  const moves = await movesIn(server, room);
  await restoreTable(server, 'RoomsTable', before);
  forgetAll(server);

  const present = [await signIn('bob'), await signIn('guest'), carol, await signIn('carol')];
  await say(server, alice, room, 'who is here?');
  // A connection that was let in hears the room until it ends or is put out.
  expect(present.map((device) => device.heard(room).length)).toEqual([1, 1, 1, 0]);
  expect(await toAll(present, (device) => mayRead(device, room))).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(await movesIn(server, room)).toEqual(moves);

  await alice.ask({ action: 'ban', room, user: 'bob' });
  await alice.ask({ action: 'kick', room, user: 'guest' });
  await alice.ask({ action: 'invite', room, user: 'carol' });
  await say(server, alice, room, 'and now?');
  expect(present.map((device) => device.heard(room).at(-1))).toEqual([
    'who is here?',
    'who is here?',
    'and now?',
    'and now?',
  ]);
  expect(await toAll(present, (device) => mayRead(device, room))).toEqual([
    false,
    false,
    true,
    true,
  ]);
  expect(await alice.ask({ action: 'invite', room, user: 'bob' })).toMatchObject({
    code: 'banned',
  });
  expect(await movesIn(server, room)).toEqual([...moves, ...moves.slice(-3)]);
});

const loseConnections = async (server: TestChat) =>
  deleteItems(server, 'ConnectionsTable', await itemsOf(server, 'ConnectionsTable'));

test('[A3] rows of Connections lost: a client signs in again with its next frame, the next heartbeat at the latest, and lacks nothing', async () => {
  const server = await startChat();
  const clock = createManualClock(Date.now());
  const sent: string[] = [];
  const openSocket: OpenSocket = (url, handlers) => {
    const socket = openWebSocket(url, handlers);
    return {
      ...socket,
      send(text) {
        sent.push((JSON.parse(text) as { action: string }).action);
        socket.send(text);
      },
    };
  };
  const [alice, bob] = [
    await enter(server, 'alice'),
    await enter(server, 'bob', { clock, openSocket }),
  ];
  alice.lobby.send('before');
  await Promise.all([alice, bob].map(({ sees }) => sees(1)));
  await server.settles();
  await loseConnections(server);

  // She is told with her next frame.
  alice.lobby.send('in between');
  await alice.sees(2);
  await alice.until(() => alice.chat.connection.name === 'online');
  expect(alice.states).toContain('offline');

  // He hears nothing, and does not know it before he asks.
  await server.settles();
  await clock.advance(SILENCE_MS - 1);
  expect([bob.texts(), bob.chat.connection.name]).toEqual([['before'], 'online']);
  const before = sent.length;
  await clock.advance(1);
  await expect.poll(() => sent.slice(before)).toEqual(['sync', 'authenticate']);
  // Nobody answers on a socket whose row is gone; the next one is opened at once.
  await clock.advance(ANSWER_MAX_MS);
  await bob.sees(2);
  await bob.until(() => bob.chat.connection.name === 'online');
  alice.lobby.send('after');
  await Promise.all([alice, bob].map(({ sees }) => sees(3)));
  expect(bob.texts()).toEqual(['before', 'in between', 'after']);
  expect([...alice.problems, ...bob.problems]).toEqual([]);
});

test('[A2] [A3] a device whose row of Connections is lost is refused, and cannot sign in on its socket but on a new one', async () => {
  const server = await startChat();
  const device = await server.signIn('alice');
  await server.settles();
  await loseConnections(server);
  expect(await device.select('lobby')).toMatchObject({ code: 'authentication_required' });
  const { length } = device.frames;
  device.send({ uuid: 'again', action: 'authenticate', token: server.tokens['alice'] });
  await server.settles();
  await device.caughtUp();
  expect(device.frames).toHaveLength(length);
  const next = await server.signIn('alice');
  await say(server, next, 'lobby', 'here I am');
});

test('[A2] Users restored to an older moment: sessions go on, tokens issued since are refused, and new ones let people in again', async () => {
  const server = await startChat();
  const before = await itemsOf(server, 'UsersTable');
  let token = await server.directory.issueToken('bob', 1);
  const [alice, bob] = [
    await enter(server, 'alice'),
    await enter(server, 'bob', { token: () => token }),
  ];
  await restoreTable(server, 'UsersTable', before);
  bob.lobby.send('still here');
  await Promise.all([alice, bob].map(({ sees }) => sees(1)));

  await server.settles();
  await loseConnections(server);
  bob.lobby.send('unsent');
  await bob.until(() => bob.chat.connection.name === 'failed');
  expect(bob.chat.connection).toMatchObject({ code: 'invalid_token' });
  alice.lobby.send('where is bob?');
  await alice.sees(2);

  token = await server.directory.issueToken('bob', 1);
  bob.chat.connect();
  await Promise.all([alice, bob].map(({ sees }) => sees(3)));
  expect(bob.texts()).toEqual(['still here', 'where is bob?', 'unsent']);
  expect(alice.texts()).toEqual(bob.texts());
  expect(await bob.lobby.verify()).toMatchObject({ ok: true });
});

test('who is not in a restored Users is added again, and is in the rooms as before', async () => {
  const server = await startChat();
  const before = await itemsOf(server, 'UsersTable');
  await server.directory.addUser('guest');
  const room = await server.directory.addRoom('Plans', ['alice', 'guest']);
  await restoreTable(server, 'UsersTable', before);
  await expect(server.directory.issueToken('guest', 1)).rejects.toThrow('There is no user guest');
  await server.directory.addUser('guest');
  const guest = await server.connect();
  await guest.authenticate(await server.directory.issueToken('guest', 1));
  await say(server, await server.signIn('alice'), room, 'welcome back');
  expect(guest.heard(room)).toEqual(['welcome back']);
});
