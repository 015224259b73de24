import { readFileSync } from 'node:fs';

import {
  DynamoDBClient,
  PutItemCommand,
  TransactWriteItemsCommand,
  type Put,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { openChat, type TestChat } from '../support/chat.ts';
import { runToEnd } from '../support/program.ts';

/** What comes into a room from behind the functions: from an operator, and from a backend. */
let chat: TestChat;
beforeAll(async () => {
  chat = await openChat();
});
afterAll(() => chat.close());

const admin = (...words: string[]) =>
  runToEnd('bin/admin.ts', ...words, '--endpoint', chat.cloud.url);

/** The `Put` of docs/protocol.md, as it stands there. */
function documentedPut(): Put {
  const document = readFileSync(new URL('../../docs/protocol.md', import.meta.url), 'utf8');
  const [, section = ''] = document.split('\n## From a backend\n');
  const [, block = ''] = /```json\n([\s\S]*?)```/.exec(section) ?? [];
  return (JSON.parse(block) as { Put: Put }).Put;
}

/** The same for a message of its own; only the table's real name is filled in. */
function putOf(uuid = documentedPut().Item?.['uuid']?.S ?? ''): Put {
  const put = documentedPut();
  const name = /^<(\w+)>$/.exec(put.TableName ?? '')?.[1] ?? '';
  const user = put.Item?.['user']?.S ?? '';
  return {
    ...put,
    TableName: chat.cloud.outputs[name],
    Item: { ...put.Item, uuid: { S: uuid }, entry: { S: `${user}#${uuid}` } },
  };
}

const backend = () =>
  new DynamoDBClient({
    endpoint: chat.cloud.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'backend', secretAccessKey: 'backend' },
  });

/** A row that has nothing to do with the chat. */
const order = (number: number): Put => ({
  TableName: chat.cloud.outputs['UsersTable'],
  Item: { user: { S: 'shop' }, entry: { S: `order#${number}` } },
  ConditionExpression: 'attribute_not_exists(entry)',
});

test('[B1] the Put of the document arrives with the transaction of a backend', async () => {
  const alice = await chat.signIn('alice');
  const put = putOf();
  expect(put).toEqual({ ...documentedPut(), TableName: put.TableName });
  await backend().send(
    new TransactWriteItemsCommand({ TransactItems: [{ Put: order(1) }, { Put: put }] }),
  );
  const { room, user, uuid, content } = documentedPut().Item ?? {};
  const { text } = JSON.parse(content?.S ?? '') as { text: string };
  expect(await alice.until((frame) => frame.uuid === uuid?.S)).toMatchObject({
    action: 'new_message',
    status: 'success',
    room: room?.S,
    message: { kind: 'message', text, user: { username: user?.S }, uuid: uuid?.S },
  });
});

test('[B1] nothing arrives of a transaction that was cancelled', async () => {
  const alice = await chat.signIn('alice');
  const client = backend();
  await client.send(new PutItemCommand(order(2)));
  const before = (await chat.rows('InboxTable')).length;
  const cancelled = client.send(
    new TransactWriteItemsCommand({
      TransactItems: [{ Put: order(2) }, { Put: putOf('cancelled') }],
    }),
  );
  await expect(cancelled).rejects.toMatchObject({ name: 'TransactionCanceledException' });
  await chat.settles();
  expect(alice.frames.filter(({ uuid }) => uuid === 'cancelled')).toEqual([]);
  expect(await chat.rows('InboxTable')).toHaveLength(before);
});

test('[B2] the same uuid a second time cancels its transaction', async () => {
  const alice = await chat.signIn('alice');
  const client = backend();
  const twice = () =>
    client.send(new TransactWriteItemsCommand({ TransactItems: [{ Put: putOf('twice') }] }));
  await twice();
  await expect(twice()).rejects.toMatchObject({ name: 'TransactionCanceledException' });
  await chat.settles();
  expect(alice.frames.filter(({ uuid }) => uuid === 'twice')).toHaveLength(1);
});

test('[B3] a backend is trusted: its name need be that of no member', async () => {
  const [put, alice] = [documentedPut(), await chat.signIn('alice')];
  const members = (await chat.rows('RoomsTable')).map(({ entry }) => entry);
  expect(members).not.toContain(`member#${put.Item?.['user']?.S}`);
  await chat.put('InboxTable', putOf('trusted').Item ?? {});
  await alice.until((frame) => frame.uuid === 'trusted');
});

test('[B3] a row that does not fit is set aside, and what comes after it arrives', async () => {
  const alice = await chat.signIn('alice');
  const { content: _, ...item } = putOf('broken').Item ?? {};
  await chat.put('InboxTable', item);
  await chat.put('InboxTable', {
    ...putOf('blank').Item,
    content: { S: JSON.stringify({ kind: 'message', text: '' }) },
  });
  await chat.put('InboxTable', putOf('sound').Item ?? {});
  await alice.until((frame) => frame.uuid === 'sound');
  await chat.settles();
  expect(alice.frames.map(({ uuid }) => uuid)).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/^(broken|blank)$/)]),
  );
});

test('[B4] npm run admin -- publish says it in the room, as system or under another name', async () => {
  const alice = await chat.signIn('alice');
  const said = await admin('publish', 'lobby', 'Maintenance at noon');
  expect(said).toMatchObject({ code: 0, stderr: '' });
  expect(await alice.until((frame) => frame.uuid === said.stdout.trim())).toMatchObject({
    action: 'new_message',
    status: 'success',
    room: 'lobby',
    message: { text: 'Maintenance at noon', user: { username: 'system' } },
  });
  const named = await admin('publish', 'lobby', 'Order 42 has been paid', '--as', 'shop');
  expect(await alice.until((frame) => frame.uuid === named.stdout.trim())).toMatchObject({
    message: { user: { username: 'shop' } },
  });
  expect((await alice.select('lobby')).room_messages?.at(-1)).toMatchObject({
    text: 'Order 42 has been paid',
  });
});

test.each([
  ['a room that does not exist', ['publish', 'nowhere', 'Hello'], /no room nowhere/],
  ['a room without a name', ['publish', '', 'Hello'], /no room/],
  ['a blank text', ['publish', 'lobby', ' '], /can't be empty/],
  ['an absent text', ['publish', 'lobby'], /Usage/],
  ['a text that is too long', ['publish', 'lobby', 'x'.repeat(4_001)], /longer than 4000/],
  ['a name nobody can have', ['publish', 'lobby', 'Hello', '--as', 'a#b'], /cannot be a username/],
  ['a text in several words', ['publish', 'lobby', 'Hello', 'there'], /Usage/],
])('[B4] %s is refused in words, and nothing is stored', async (_title, words, message) => {
  const before = await chat.rows('InboxTable');
  const { code, stdout, stderr } = await admin(...words);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(await chat.rows('InboxTable')).toEqual(before);
});
