import { expect, test } from 'vitest';

import { openChat as openAdmin } from '../../bin/admin-directory.ts';
import { redrive } from '../../bin/redrive.ts';
import { createShakySockets } from '../client/support/shaky-sockets.ts';
import { startChat, type TestChat } from '../support/chat.ts';
import { deleteItems, type Item, itemsOf, putItems } from './items.ts';
import { enter, numbers } from './person.ts';

/*
 * Goal: what a restored table means for the rooms, and which step makes it right. Method: a restore is
 * played on the live tables, as the runbook does it: what came after the moment is deleted, or what was
 * lost is written back.
 */

/** Takes entries out of the lobby's log, and answers them. */
async function loseEntries(
  server: TestChat,
  isLost: (seq: number) => boolean,
): Promise<readonly Item[]> {
  const lost = (await itemsOf(server, 'MessagesTable')).filter(
    ({ room, seq }) => room?.S === 'lobby' && isLost(Number(seq?.N)),
  );
  await deleteItems(server, 'MessagesTable', lost);
  return lost;
}

/** The log as it was when it had so many entries. */
const restoreLog = (server: TestChat, upTo: number) => loseEntries(server, (seq) => seq > upTo);

/** What makes up an entry, without when it was written. */
const told = async (server: TestChat) =>
  (await server.log('lobby')).map(({ seq, user, uuid, content, chain, state }) => ({
    seq,
    user,
    uuid,
    content,
    chain,
    state,
  }));

const seqsOf = async (server: TestChat) =>
  (await server.log('lobby')).map(({ seq }) => Number(seq));

const broadcastMapping = ({ cloud }: TestChat) => {
  const found = [...cloud.mappings].find(([path]) => path.includes('Broadcast'));
  if (found === undefined) throw new Error('There is no mapping of the broadcaster');
  return found[1];
};

test('[L1] [L4] a log restored to an older moment becomes what it was, number by number, when the stream comes again', async () => {
  const server = await startChat();
  const [alice, bob] = [await enter(server, 'alice'), await enter(server, 'bob')];
  for (let count = 0; count < 5; count += 1) {
    alice.lobby.send(`alice ${count}`);
    bob.lobby.send(`bob ${count}`);
  }
  await Promise.all([alice, bob].map(({ sees }) => sees(10)));
  expect(await alice.lobby.edit(alice.lobby.messages[7]?.seq ?? 0, 'changed')).toMatchObject({});
  await server.settles();
  const before = await told(server);

  await restoreLog(server, 4);
  broadcastMapping(server).replay('TRIM_HORIZON');
  await server.settles();
  expect(await told(server)).toEqual(before);

  // Who was there all the time has seen nothing of it.
  bob.lobby.send('and on');
  await Promise.all([alice, bob].map(({ sees }) => sees(11)));
  expect(alice.texts()).toEqual(bob.texts());
  expect([...alice.problems, ...bob.problems]).toEqual([]);
  expect(await alice.lobby.verify()).toMatchObject({ ok: true });
});

test('[L1] [L3] without the stream, a redrive of all that was accepted since brings back what was lost', async () => {
  const server = await startChat();
  const alice = await server.signIn('alice');
  for (let count = 1; count <= 9; count += 1) {
    const uuid = alice.say('lobby', `message ${count}`);
    await alice.until((frame) => frame.uuid === uuid && frame.message !== undefined);
  }
  await server.settles();
  const before = await told(server);
  await restoreLog(server, 3);
  const admin = await openAdmin({ stack: 'Parley', endpoint: server.cloud.url });
  const since = new Date(0).toISOString();
  expect(await redrive(admin, { since, go: false })).toContain('Would send 6');
  expect(await told(server)).toHaveLength(3);
  expect(await redrive(admin, { since, go: true })).toContain('Sent 6 through again; 3 are in the');
  // Once more before the first has arrived: the broadcaster looks for each itself.
  await redrive(admin, { since, go: true });
  await server.settles();
  // One speaker's order of acceptance is the stream's: even the chain is the same.
  expect(await told(server)).toEqual(before);
  expect(await redrive(admin, { since, go: true })).toContain('Sent 0 through again; 9 are in the');
});

test('entries at the end of the log that are copied back are there as if nothing had been', async () => {
  const server = await startChat();
  const [alice, bob] = [await enter(server, 'alice'), await enter(server, 'bob')];
  for (let count = 1; count <= 5; count += 1) alice.lobby.send(`message ${count}`);
  await Promise.all([alice, bob].map(({ sees }) => sees(5)));
  await server.settles();
  await putItems(server, 'MessagesTable', await restoreLog(server, 2));
  bob.lobby.send('message 6');
  await Promise.all([alice, bob].map(({ sees }) => sees(6)));
  const reloaded = await enter(server, 'alice');
  await reloaded.sees(6);
  for (const { lobby, problems } of [alice, bob, reloaded]) {
    expect(await lobby.verify()).toEqual({ ok: true, from: 1, to: 6 });
    expect(problems).toEqual([]);
  }
});

test('a message whose row of the Inbox is lost, and which is sent again, appears twice', async () => {
  const server = await startChat();
  const alice = await server.signIn('alice');
  alice.say('lobby', 'once', 'uuid');
  await alice.until(({ message }) => message?.seq === 1);
  await server.settles();
  await deleteItems(server, 'InboxTable', await itemsOf(server, 'InboxTable'));
  // Not while the first is the newest entry: the sequencer sees it there.
  alice.say('lobby', 'something else');
  await alice.until(({ message }) => message?.seq === 2);
  alice.say('lobby', 'once', 'uuid');
  await alice.until(({ message }) => message?.seq === 3);
  expect(alice.heard('lobby')).toEqual(['once', 'something else', 'once']);
});

test('[L3] rows of the Inbox that are written back get no second number when they say so', async () => {
  const server = await startChat();
  const alice = await server.signIn('alice');
  for (let count = 1; count <= 5; count += 1) {
    const uuid = alice.say('lobby', `message ${count}`, `uuid ${count}`);
    await alice.until((frame) => frame.uuid === uuid && frame.message !== undefined);
  }
  const TableName = server.cloud.outputs['InboxTable'];
  const Key = { room: { S: 'lobby' }, entry: { S: 'alice#uuid 2' } };
  const { Item } = (await server.call('GetItem', { TableName, Key })) as { Item: object };
  await server.call('DeleteItem', { TableName, Key });
  await server.put('InboxTable', { ...Item, redriven: { S: 'restored' } });
  await server.settles();
  expect(await seqsOf(server)).toEqual(numbers(5));
});

test('a client that knows more than a restored log tells so, changes nothing, and is right again after a reload', async () => {
  const server = await startChat();
  const [alice, bob] = [await enter(server, 'alice'), await enter(server, 'bob')];
  for (let count = 1; count <= 6; count += 1) alice.lobby.send(`message ${count}`);
  await Promise.all([alice, bob].map(({ sees }) => sees(6)));
  await server.settles();
  await restoreLog(server, 4);
  // No redrive: the next messages take numbers that the clients have seen already.
  const carol = await server.signIn('bob');
  carol.say('lobby', 'another fifth');
  await carol.until(({ message }) => message?.seq === 5);
  await alice.until(() => alice.problems.includes('log_altered'));
  expect(alice.texts()).toEqual(numbers(6).map((count) => `message ${count}`));

  const reloaded = await enter(server, 'alice');
  await reloaded.sees(5);
  expect(reloaded.texts().at(-1)).toBe('another fifth');
  expect(reloaded.problems).toEqual([]);
});

test('[L1] [L4] a hole in the log is told, never filled and never shown as if there were none, and is gone when its rows are copied back', async () => {
  const server = await startChat();
  const network = createShakySockets();
  const [alice, bob] = [await enter(server, 'alice'), await enter(server, 'bob', network)];
  for (let count = 1; count <= 6; count += 1) {
    if (count === 3) network.goDown();
    alice.lobby.send(`message ${count}`);
    await Promise.all((count < 3 ? [alice, bob] : [alice]).map(({ sees }) => sees(count)));
  }
  await server.settles();
  const before = await told(server);
  const lost = await loseEntries(server, (seq) => seq === 3 || seq === 4);
  const reloaded = await enter(server, 'bob');
  await reloaded.until(() => reloaded.problems.includes('bad_log'));
  network.goUp();
  await bob.until(() => bob.problems.includes('missing_entries'));
  alice.lobby.send('message 7');
  await alice.sees(7);
  await server.settles();

  // Who was there has it all; who comes is shown nothing of that page, and who was away nothing behind the hole.
  expect(await seqsOf(server)).toEqual([1, 2, 5, 6, 7]);
  expect(alice.problems).toEqual([]);
  expect(reloaded.texts()).toEqual([]);
  expect(bob.texts()).toEqual(['message 1', 'message 2']);

  await putItems(server, 'MessagesTable', lost);
  expect((await told(server)).slice(0, 6)).toEqual(before);
  alice.lobby.send('message 8');
  await Promise.all([alice, bob, reloaded].map(({ sees }) => sees(8)));
  const fresh = await enter(server, 'bob');
  await fresh.sees(8);
  for (const { lobby } of [alice, bob, reloaded, fresh]) {
    expect(await lobby.verify()).toEqual({ ok: true, from: 1, to: 8 });
  }
  expect(fresh.problems).toEqual([]);
});

test('a hole in an older page is where going back ends, until its rows are copied back', async () => {
  const server = await startChat();
  const alice = await server.signIn('alice');
  for (let count = 1; count <= 60; count += 1) alice.say('lobby', `message ${count}`);
  await alice.until(({ message }) => message?.seq === 60);
  await server.settles();
  const lost = await loseEntries(server, (seq) => seq === 3 || seq === 4);

  const bob = await enter(server, 'bob');
  await bob.sees(50);
  expect(await bob.lobby.loadOlder()).toMatchObject({ ok: false, code: 'bad_page' });
  expect([bob.lobby.messages.length, bob.lobby.atStart]).toEqual([50, false]);
  expect(bob.problems).toEqual(['bad_log']);

  await putItems(server, 'MessagesTable', lost);
  expect(await bob.lobby.loadOlder()).toEqual({ ok: true });
  expect(await bob.lobby.verify()).toEqual({ ok: true, from: 1, to: 60 });
});

test('[L3] a redrive closes no hole: it sends what was in it as new, behind the newest', async () => {
  const server = await startChat();
  const alice = await enter(server, 'alice');
  for (let count = 1; count <= 6; count += 1) alice.lobby.send(`message ${count}`);
  await alice.sees(6);
  await server.settles();
  await loseEntries(server, (seq) => seq === 3 || seq === 4);
  const admin = await openAdmin({ stack: 'Parley', endpoint: server.cloud.url });
  const since = new Date(0).toISOString();
  expect(await redrive(admin, { since, go: true })).toContain('Sent 2 through again; 4 are in the');
  await server.settles();
  expect(await seqsOf(server)).toEqual([1, 2, 5, 6, 7, 8]);
});
