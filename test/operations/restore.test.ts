import { expect, test } from 'vitest';

import { openChat as openAdmin } from '../../bin/admin-directory.ts';
import { redrive } from '../../bin/redrive.ts';
import { startChat, type TestChat } from '../support/chat.ts';
import { enter, numbers } from './person.ts';

/*
 * Goal: what a restored table means for the rooms, and which step makes it right. Method: a restore is
 * played on the live tables, as the runbook does it: what came after the moment is deleted, or what was
 * lost is written back.
 */

/** The log as it was when it had so many entries. */
async function restoreLog(server: TestChat, upTo: number): Promise<void> {
  for (const row of await server.log('lobby')) {
    if (Number(row['seq']) <= upTo) continue;
    const Key = { room: { S: 'lobby' }, seq: { N: String(row['seq']) } };
    await server.call('DeleteItem', { TableName: server.cloud.outputs['MessagesTable'], Key });
  }
}

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
  expect((await server.log('lobby')).map((row) => Number(row['seq']))).toEqual(numbers(5));
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
