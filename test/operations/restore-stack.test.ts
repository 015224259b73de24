import { expect, test } from 'vitest';

import { openChat as openAdmin } from '../../bin/admin-directory.ts';
import { redrive } from '../../bin/redrive.ts';
import type { OpenSocket } from '../../client/index.ts';
import { createShakySockets } from '../client/support/shaky-sockets.ts';
import { startChat, type TestChat } from '../support/chat.ts';
import { backUp, startOnBackup } from './new-stack.ts';
import { type Item, putItems, restoreTable } from './items.ts';
import { enter, numbers } from './person.ts';

/*
 * Goal: a chat that is lost as a whole goes on in another stack, as far as its tables were restored. Method:
 * the tables are copied into a second cloud with an engine of its own. Its streams begin with low numbers,
 * and those that the log remembers are higher, because the first engine has written more.
 */
/** Entries at the end of a log by which the sequencer judges what comes from an earlier place. */
const LOOKED_AT = 200;

async function talk(server: TestChat, count: number): Promise<void> {
  const alice = await server.signIn('alice');
  for (let index = 1; index <= count; index += 1) {
    const uuid = alice.say('lobby', `message ${index}`);
    await alice.until((frame) => frame.uuid === uuid && frame.message !== undefined);
  }
  await alice.close();
  await server.settles();
}

const seqsOf = async (server: TestChat) =>
  (await server.log('lobby')).map(({ seq }) => Number(seq));

test('[A1] [L1] [L4] a chat restored into a new stack has its people, rooms and history, and goes on with the next number', async () => {
  const old = await startChat();
  await talk(old, 5);
  const next = await startOnBackup(old, await backUp(old));

  const token = () => old.tokens['bob'] ?? '';
  const bob = await enter(next, 'bob', { token });
  await bob.sees(5);
  bob.lobby.send('message 6');
  await bob.sees(6);
  expect(bob.texts()).toEqual(numbers(6).map((count) => `message ${count}`));
  expect(await bob.lobby.verify()).toEqual({ ok: true, from: 1, to: 6 });
  expect(bob.problems).toEqual([]);
  const [before = '', after = ''] = (await next.log('lobby'))
    .slice(-2)
    .map(({ position }) => String(position));
  expect([before.length, after < before]).toEqual([after.length, true]);
});

test('[L3] [L4] copied into a stack that runs, the Inbox last and marked as redriven, nothing is doubled and what the log lacks follows', async () => {
  const old = await startChat();
  await talk(old, 5);
  const before = await old.log('lobby');
  const next = await startChat();
  const backup = await backUp(old);
  const rows = (output: string) => backup.get(output) ?? [];
  for (const output of ['UsersTable', 'RoomsTable']) await restoreTable(next, output, rows(output));
  const kept = rows('MessagesTable').filter(({ seq }) => Number(seq?.N) <= 3);
  await restoreTable(next, 'MessagesTable', kept);
  const inOrder = rows('InboxTable').toSorted(
    (a, b) => Number(a['acceptedAt']?.N) - Number(b['acceptedAt']?.N),
  );
  await putItems(
    next,
    'InboxTable',
    inOrder.map((item) => ({ ...item, redriven: { S: 'restored' } })),
  );
  await next.settles();
  const chains = (log: readonly Readonly<Record<string, unknown>>[]) =>
    log.map(({ chain }) => chain);
  expect(chains(await next.log('lobby'))).toEqual(chains(before));
});

test('[L3] [M6] [D2] whoever was connected to the lost stack goes on in the new one, loses nothing and sees nothing twice', async () => {
  const old = await startChat();
  let present = old;
  const join = async (user: string) => {
    const network = createShakySockets();
    const openSocket: OpenSocket = (_, handlers) =>
      network.openSocket(present.cloud.apis[0]?.websocket ?? '', handlers);
    const token = () => old.tokens[user] ?? '';
    return { network, ...(await enter(old, user, { openSocket, token })) };
  };
  const [alice, bob] = [await join('alice'), await join('bob')];
  for (const { lobby } of [alice, bob]) lobby.send('before');
  await Promise.all([alice, bob].map(({ sees }) => sees(2)));
  await old.settles();
  const messages = (await backUp(old)).get('MessagesTable') ?? [];
  const since = new Date().toISOString();

  // The log is restored to this moment, the other tables to a later one: what follows is in the Inbox alone.
  bob.lobby.send('numbered since');
  await Promise.all([alice, bob].map(({ sees }) => sees(3)));
  alice.network.down = (text) => {
    if (!text.includes('"accepted"')) return [text];
    queueMicrotask(alice.network.goDown);
    return [];
  };
  alice.lobby.send('unanswered');
  await bob.sees(4);
  await old.settles();
  bob.network.goDown();
  alice.lobby.send('written offline');
  present = await startOnBackup(
    old,
    new Map([...(await backUp(old)), ['MessagesTable', messages]]),
  );
  expect(await seqsOf(present)).toEqual(numbers(2));
  const admin = await openAdmin({ stack: 'Parley', endpoint: present.cloud.url });
  expect(await redrive(admin, { since, go: true })).toContain('Sent 2 through again; 0 are in the');
  await present.settles();
  expect(await seqsOf(present)).toEqual(numbers(4));

  for (const { network } of [alice, bob]) {
    network.down = (text) => [text];
    network.cut();
    network.goUp();
  }
  await Promise.all([alice, bob].map(({ sees }) => sees(5)));
  bob.lobby.send('after');
  await Promise.all([alice, bob].map(({ sees }) => sees(6)));
  for (const { lobby, problems, ...person } of [alice, bob]) {
    expect(person.texts().slice(2)).toEqual([
      'numbered since',
      'unanswered',
      'written offline',
      'after',
    ]);
    expect(await lobby.verify()).toEqual({ ok: true, from: 1, to: 6 });
    expect(problems).toEqual([]);
  }
  expect(await seqsOf(present)).toEqual(numbers(6));
});

test('[M11] in a new stack a message with if_head gets no number before one without has, and its sender is told the truth then', async () => {
  const old = await startChat();
  await talk(old, 3);
  const next = await startOnBackup(old, await backUp(old));
  const alice = await next.signIn('alice', ['ack']);
  const first = {
    uuid: 'first',
    action: 'new_message',
    room: 'lobby',
    text: 'fourth?',
    if_head: 3,
  };
  expect(await alice.ask(first)).toMatchObject({ status: 'accepted' });
  await next.settles();
  expect(await alice.ask(first)).toMatchObject({ status: 'accepted' });
  expect(await seqsOf(next)).toEqual(numbers(3));

  alice.say('lobby', 'fourth', 'without');
  await alice.until(({ message }) => message?.seq === 4);
  await next.settles();
  expect(await alice.ask(first)).toMatchObject({ code: 'head_moved', head: 4 });
  alice.send({ ...first, uuid: 'second', if_head: 4 });
  await alice.until(({ uuid, message }) => uuid === 'second' && message?.seq === 5);
  expect(alice.heard('lobby')).toEqual(['fourth', 'fourth?']);
});

/** Of the Inbox, as a backend writes them. */
const row = (uuid: string, acceptedAt: number): Item => ({
  room: { S: 'lobby' },
  entry: { S: `shop#${uuid}` },
  user: { S: 'shop' },
  uuid: { S: uuid },
  content: { S: JSON.stringify({ kind: 'message', text: uuid }) },
  acceptedAt: { N: String(acceptedAt) },
});

test('[L3] in a new stack a redrive numbers what was given up long before the newest entries', async () => {
  const old = await startChat();
  await putItems(
    old,
    'InboxTable',
    numbers(LOOKED_AT + 1).map((count) => row(`order ${count}`, 1_000 + count)),
  );
  await old.settles();
  const backup = await backUp(old);
  const inbox = [...(backup.get('InboxTable') ?? []), row('given up', 1)];
  const next = await startOnBackup(old, new Map([...backup, ['InboxTable', inbox]]));
  const admin = await openAdmin({ stack: 'Parley', endpoint: next.cloud.url });
  const since = new Date(0).toISOString();
  expect(await redrive(admin, { since, go: true })).toContain(
    'Sent 1 through again; 201 are in the',
  );
  await next.settles();
  const log = await next.log('lobby');
  expect(log.at(-1)).toMatchObject({ seq: '202', uuid: 'given up' });
  expect(await redrive(admin, { since, go: true })).toContain(
    'Sent 0 through again; 202 are in the',
  );
});
