import { expect, test } from 'vitest';

import { startChat } from '../support/chat.ts';

test('[D4] a socket that was cut without a close does not keep others from hearing, and its rows go', async () => {
  const chat = await startChat();
  const alice = await chat.signIn('alice');
  const bob = await chat.signIn('bob');
  const lost = await chat.signIn('alice');
  lost.cut();
  await lost.closed;
  alice.say('lobby', 'still there?');
  await bob.until((frame) => frame.message?.text === 'still there?');
  await chat.settles();
  const connections = new Set(
    (await chat.rows('ConnectionsTable'))
      .map((row) => row['pk'])
      .filter((pk) => String(pk).endsWith('=')),
  );
  expect(connections.size).toBe(2);
});

test('a connection whose $disconnect never came is removed by the 410 of its next post', async () => {
  const chat = await startChat();
  const alice = await chat.signIn('alice');
  // A row such as a lost $disconnect leaves behind: of a connection that is no more.
  const ghost = 'AAAAAAAAAAICAgI=';
  await chat.directory.addUser('ghost');
  await chat.directory.addRoom('Haunted', ['alice', 'ghost'], 'haunted');
  await chat.put('ConnectionsTable', {
    pk: { S: `room#haunted#0` },
    sk: { S: ghost },
    user: { S: 'ghost' },
  });
  await chat.put('ConnectionsTable', {
    pk: { S: 'user#ghost' },
    sk: { S: ghost },
    user: { S: 'ghost' },
  });
  alice.say('haunted', 'boo');
  await chat.settles();
  expect(alice.heard('haunted')).toEqual(['boo']);
  expect(JSON.stringify(await chat.rows('ConnectionsTable'))).not.toContain(ghost);
});

test('[L3] a record that can never be a message is set aside by its place alone, and its room goes on', async () => {
  const chat = await startChat();
  const alice = await chat.signIn('alice');
  await chat.put('InboxTable', {
    room: { S: 'lobby' },
    entry: { S: 'alice#broken' },
    text: { S: 'secret words' },
  });
  alice.say('lobby', 'after the broken one');
  await chat.settles();
  expect(alice.heard('lobby')).toEqual(['after the broken one']);
  const [queue] = chat.cloud.model.queues;
  const letters = chat.cloud.queues.messages(queue?.name ?? '');
  expect(letters).toHaveLength(1);
  expect(letters[0]?.body).toContain('alice#broken');
  expect(letters[0]?.body).not.toContain('secret words');
});

test('nothing of a text, a token or a whole connection id is logged', async () => {
  const lines: string[] = [];
  const chat = await startChat({ log: (_source, line) => lines.push(line) });
  const alice = await chat.signIn('alice', ['ack']);
  await alice.select('lobby');
  alice.say('lobby', 'words nobody may log', 'uuid-nobody-may-log');
  await chat.settles();
  await alice.authenticate('token-nobody-may-log');
  alice.send('{"uuid": "words nobody may log"');
  await alice.until((frame) => frame.code === 'invalid_json');
  await chat.settles();
  const logged = lines.join('\n');
  expect(logged).toContain('new_message');
  expect(logged).not.toMatch(/nobody.may.log/);
  expect(logged).not.toContain(chat.tokens['alice']);
  for (const { connectionId } of chat.cloud.apis[0]?.gateway.connections() ?? []) {
    expect(logged).not.toContain(connectionId);
  }
});

test('[E10] a function that fails is answered by the gateway, and the socket stays open', async () => {
  const chat = await startChat();
  const alice = await chat.connect();
  await chat.call('DeleteTable', { TableName: chat.cloud.outputs['UsersTable'] });
  alice.send({ uuid: 'e10', action: 'authenticate', token: chat.tokens['alice'] });
  const failure = await alice.until((frame) => frame['message'] !== undefined);
  expect(failure).toEqual({
    message: 'Internal server error',
    connectionId: expect.any(String) as string,
    requestId: expect.any(String) as string,
  });
  expect(await alice.ask({ action: 'dance' })).toMatchObject({ code: 'invalid_payload' });
});
