import { expect, test } from 'vitest';

import { openChat as openAdmin } from '../../bin/admin-directory.ts';
import { redrive } from '../../bin/redrive.ts';
import { type ManualClock, manualClock } from '../../emulator/clock.ts';
import { startChat, type TestChat } from '../support/chat.ts';
import { runToEnd } from '../support/program.ts';
import { moving } from './moving.ts';
import { numbers } from './person.ts';

/*
 * Goal: what the broadcaster had to give up gets its number by a redrive, and nothing ever gets two.
 * Method: real dead letters, of a batch that was given up and of a record that is no entry, and letters
 * about what was numbered long ago.
 */
const HOUR_MS = 3_600_000;

const letters = ({ cloud }: TestChat) =>
  cloud.queues.messages(cloud.model.queues[0]?.name ?? '').length;

const addLetter = ({ cloud }: TestChat, body: object) =>
  cloud.queues.send(cloud.model.queues[0]?.arn ?? '', JSON.stringify(body));

const letterAbout = (entry: string) => ({
  reason: 'not an entry',
  room: 'lobby',
  keys: { room: { S: 'lobby' }, entry: { S: entry } },
});

const seqs = async (server: TestChat) =>
  (await server.log('lobby')).map((row) => Number(row['seq']));

/** Says so many, each numbered before the next. */
async function talk(server: TestChat, count: number): Promise<void> {
  const alice = await server.signIn('alice');
  for (let index = 1; index <= count; index += 1) {
    const uuid = alice.say('lobby', `message ${index}`, `uuid ${index}`);
    await alice.until((frame) => frame.uuid === uuid && frame.message !== undefined);
  }
  await alice.close();
  await server.settles();
}

/** A broadcaster that failed for longer than it is waited for: the batch is given up. */
async function givenUp(server: TestChat, clock: ManualClock): Promise<void> {
  const stop = server.cloud.faults.add({
    fault: 'function-crash',
    where: { resource: '*Broadcast*' },
  });
  const alice = await server.signIn('alice', ['ack']);
  for (const text of ['one', 'two', 'three']) {
    const uuid = alice.say('lobby', text);
    await alice.until((frame) => frame.uuid === uuid && frame.status === 'accepted');
  }
  await expect
    .poll(
      () => {
        clock.advance(HOUR_MS);
        return letters(server);
      },
      { timeout: 20_000, interval: 20 },
    )
    .toBeGreaterThan(0);
  stop();
  await server.settles();
}

test('[L3] a batch that was given up gets its numbers by a redrive, in its order; a second one changes nothing', async () => {
  const clock = manualClock(Date.now());
  const server = await startChat({ clock });
  await givenUp(server, clock);
  expect(await seqs(server)).toEqual([]);
  const there = letters(server);

  const admin = (...words: string[]) =>
    moving(clock, runToEnd('bin/admin.ts', 'redrive', ...words, '--endpoint', server.cloud.url));
  const looked = await admin();
  expect(looked.stdout).toContain('Would send 3 through again');
  expect(letters(server)).toBe(there);
  const done = await admin('--go');
  expect(done.stdout).toContain('of which 0 stay. Sent 3 through again');
  expect(letters(server)).toBe(0);
  await server.settles();
  const log = await server.log('lobby');
  expect(log.map((row) => JSON.parse(String(row['content'])) as object)).toMatchObject(
    ['one', 'two', 'three'].map((text) => ({ text })),
  );
  expect((await admin('--go')).stdout).toContain('0 dead letters');
  await server.settles();
  expect(await seqs(server)).toEqual(numbers(3));
});

test('[L2] a letter about what was numbered long ago is removed, and nothing gets a second number', async () => {
  const server = await startChat();
  await talk(server, 60);
  await addLetter(server, letterAbout('alice#uuid 2'));
  const admin = await openAdmin({ stack: 'Parley', endpoint: server.cloud.url });
  expect(await redrive(admin, { go: true })).toContain('Sent 0 through again; 1 are in the log');
  await server.settles();
  expect(await seqs(server)).toEqual(numbers(60));
  expect(letters(server)).toBe(0);
});

test('[L2] a row that is sent through again though it has its number, as two redrives at once may do, keeps it', async () => {
  const server = await startChat();
  await talk(server, 60);
  await server.call('UpdateItem', {
    TableName: server.cloud.outputs['InboxTable'],
    Key: { room: { S: 'lobby' }, entry: { S: 'alice#uuid 2' } },
    UpdateExpression: 'SET redriven = :now',
    ExpressionAttributeValues: { ':now': { S: 'now' } },
  });
  await server.settles();
  expect(await seqs(server)).toEqual(numbers(60));
});

test('[L3] a record that is no entry stays a dead letter until its row is mended', async () => {
  const server = await startChat();
  const broken = { room: { S: 'lobby' }, entry: { S: 'alice#broken' }, user: { S: 'alice' } };
  await server.put('InboxTable', broken);
  await server.settles();
  const admin = await openAdmin({ stack: 'Parley', endpoint: server.cloud.url });
  expect(await redrive(admin, { go: true })).toContain('1 stay');
  expect(letters(server)).toBe(1);

  await server.put('InboxTable', {
    ...broken,
    uuid: { S: 'broken' },
    content: { S: JSON.stringify({ kind: 'message', text: 'mended' }) },
    acceptedAt: { N: String(Date.now()) },
  });
  await server.settles();
  expect(await redrive(admin, { go: true })).toContain('0 stay');
  await server.settles();
  expect(await seqs(server)).toEqual([1]);
});

test('[L3] a batch whose place in the stream is gone is found by its time', async () => {
  const server = await startChat();
  await talk(server, 3);
  const now = new Date().toISOString();
  const inbox = server.cloud.model.tables.find(
    ({ name }) => name === server.cloud.outputs['InboxTable'],
  );
  await addLetter(server, {
    DDBStreamBatchInfo: {
      streamArn: inbox?.streamArn,
      shardId: 'shardId-00000000000000000000-deadbeef',
      startSequenceNumber: '1',
      endSequenceNumber: '9',
      approximateArrivalOfFirstRecord: now,
      approximateArrivalOfLastRecord: now,
    },
  });
  const admin = await openAdmin({ stack: 'Parley', endpoint: server.cloud.url });
  expect(await redrive(admin, { go: true })).toContain('0 stay. Sent 0 through again; 3 are in');
  expect(letters(server)).toBe(0);
});
