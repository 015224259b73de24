import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { openChat, startChat, type TestChat } from '../support/chat.ts';
import type { Device } from '../support/device.ts';

/**
 * Streams deliver at least once, and from the beginning when a mapping is replaced. Here the whole
 * stream of the Inbox comes again in every way the emulator can bring it; no log changes, and no
 * client sees anything else than before.
 */
const ROOMS = ['lobby', 'engineering'];

async function talk(chat: TestChat): Promise<Device[]> {
  const devices = await Promise.all(['alice', 'bob'].map((user) => chat.signIn(user)));
  for (let index = 0; index < 12; index += 1) {
    for (const [who, device] of devices.entries()) {
      device.say(ROOMS[index % 2] ?? '', `${who} says ${index}`);
    }
  }
  await chat.settles();
  return devices;
}

const logs = async (chat: TestChat) => Promise.all(ROOMS.map((room) => chat.log(room)));

/** What a client shows that keeps each number of a room once (rule D2). */
const shown = ({ frames }: Device): readonly (readonly [place: string, text: string])[] =>
  frames.flatMap(({ message }) => (message ? [[message.id, message.text] as const] : []));

test('[L2] the whole stream again, in the same process, changes no log and sends no frame', async () => {
  const chat = await startChat();
  const devices = await talk(chat);
  const before = { logs: await logs(chat), frames: devices.map(({ frames }) => [...frames]) };
  for (const mapping of chat.cloud.mappings.values()) mapping.replay('TRIM_HORIZON');
  await chat.settles();
  expect(await logs(chat)).toEqual(before.logs);
  expect(devices.map(({ frames }) => frames)).toEqual(before.frames);
  expect(before.logs.map((log) => log.length)).toEqual([12, 12]);
});

test('[L2] every batch delivered twice in a row changes no log and sends no frame twice', async () => {
  const chat = await startChat({ faults: { rules: [{ fault: 'batch-duplicated' }] } });
  const devices = await talk(chat);
  for (const room of ROOMS) {
    expect((await chat.log(room)).map((row) => Number(row['seq']))).toEqual(
      Array.from({ length: 12 }, (_, index) => index + 1),
    );
    for (const device of devices) expect(new Set(device.heard(room)).size).toBe(12);
    for (const device of devices) expect(device.heard(room)).toHaveLength(12);
  }
});

test('[P8] who was banned stays out when the stream comes again, whatever clock the ban was numbered by', async () => {
  const chat = await startChat();
  const { faults, lambda, model, mappings } = chat.cloud;
  const deploy = () => {
    for (const { name } of model.functions) lambda.deploy(name);
  };
  const [alice, bob] = [await chat.signIn('alice'), await chat.signIn('bob')];
  const create = { action: 'create_room', name: 'Room', kind: 'private' };
  const { uuid } = await alice.ask({ ...create, uuid: 'create' });
  const { room = '' } = await alice.until((frame) => frame.uuid === uuid && frame.head === 1);
  alice.send({ uuid: 'invite', action: 'invite', room, user: 'bob' });
  await bob.until((frame) => frame.room === room);
  await chat.settles();

  const heal = faults.add({
    fault: 'clock-skew',
    ms: -60_000,
    where: { resource: '*Broadcast*' },
  });
  deploy();
  alice.send({ uuid: 'ban', action: 'ban', room, user: 'bob' });
  await bob.until((frame) => frame.uuid === 'ban');
  await chat.settles();
  heal();

  deploy();
  for (const mapping of mappings.values()) mapping.replay('TRIM_HORIZON');
  await chat.settles();
  const before = bob.frames.length;
  alice.say(room, 'Of him');
  await chat.settles();
  await bob.caughtUp();
  expect(bob.frames.slice(before)).toEqual([]);
});

test('[L2] [D2] the stream from TRIM_HORIZON after a restart changes no log and no client’s view', async () => {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'parley-data-'));
  onTestFinished(() => rmSync(dataDirectory, { recursive: true, force: true }));
  const first = await openChat({ dataDirectory });
  const devices = await talk(first);
  const before = { logs: await logs(first), shown: devices.map(shown) };
  await first.close();

  // Without its positions the mapping begins at the oldest record, as a new one does.
  rmSync(join(dataDirectory, 'stream-positions.json'));
  const second = await startChat({ dataDirectory });
  const [alice, bob] = await Promise.all(['alice', 'bob'].map((user) => second.signIn(user)));
  await second.settles();
  expect(await logs(second)).toEqual(before.logs);

  // What was said before is there, and what is said now goes on from it.
  const history = await alice?.select('lobby');
  expect(history).toMatchObject({ head: 12 });
  expect(history?.room_messages).toHaveLength(12);
  bob?.say('lobby', 'and on');
  await second.settles();
  expect(alice?.frames.at(-1)).toMatchObject({ head: 13, message: { seq: 13, text: 'and on' } });
  for (const [index, device] of [alice, bob].entries()) {
    const seen = [...(before.shown[index] ?? []), ...(device ? shown(device) : [])];
    expect(new Map(seen).size).toBe(25);
  }
});

test('positions are kept with the data, so that a restart brings nothing again', async () => {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'parley-data-'));
  onTestFinished(() => rmSync(dataDirectory, { recursive: true, force: true }));
  const first = await openChat({ dataDirectory });
  await talk(first);
  await first.close();
  const second = await startChat({ dataDirectory });
  const alice = await second.signIn('alice');
  await second.settles();
  expect(alice.frames).toHaveLength(1);
  expect(
    second.cloud.lambda.invocations().map((invocation) => invocation.function),
  ).not.toContainEqual(expect.stringContaining('Broadcast'));
});
