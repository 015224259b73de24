import { describe, expect, test } from 'vitest';

import { startChat, type TestChat } from '../support/chat.ts';
import type { Device } from '../support/device.ts';

/**
 * Goal: in a room too large for the broadcaster everything is as in any other. Method: the whole chat,
 * told that a room of five is large; `authenticate` starts cold each time, so that nobody's memory
 * hides that a room has grown.
 */
const LARGE = 4;
const COLD = {
  rules: [{ fault: 'function-cold', where: { resource: '*Authenticate*' } }],
} as const;
const ROOM = 'engineering';

const startLarge = () => startChat({ faults: COLD }, { largeRoom: LARGE });

/** Devices of bob, with and without batches. */
async function signIn(chat: TestChat, count: number, user = 'bob'): Promise<Device[]> {
  const devices: Device[] = [];
  for (let index = 0; index < count; index += 1) {
    devices.push(await chat.signIn(user, index % 2 === 0 ? ['batch'] : []));
  }
  return devices;
}

const started = (chat: TestChat, name: string) =>
  chat.cloud.lambda.invocations().filter((one) => one.function.includes(name));

/** How many connections each shard of the room holds. */
async function shards(chat: TestChat): Promise<Readonly<Record<string, number>>> {
  const rows = (await chat.rows('ConnectionsTable')).map(({ pk, sk }) => [String(pk), String(sk)]);
  const online = rows.filter(([pk, sk]) => pk?.startsWith(`room#${ROOM}#`) && sk !== '#shards');
  const count: Record<string, number> = {};
  for (const [pk = ''] of online) count[pk] = (count[pk] ?? 0) + 1;
  return count;
}

const size = async (chat: TestChat) =>
  (await chat.rows('ConnectionsTable')).find(({ sk }) => sk === '#shards');

describe('a large room', () => {
  test('[L1] hears everything in order, by jobs that post for the broadcaster', async () => {
    const chat = await startLarge();
    const alice = await chat.signIn('alice', ['ack']);
    const devices = await signIn(chat, 7);
    const said = Array.from({ length: 10 }, (_, index) => `message ${index}`);
    for (const text of said) await alice.ask({ action: 'new_message', room: ROOM, text });
    await chat.settles();
    for (const device of [alice, ...devices]) {
      const heard = new Map(
        device.frames.flatMap(({ message }) => (message ? [[message.seq, message.text]] : [])),
      );
      expect([...heard].toSorted(([one], [other]) => one - other)).toEqual(
        said.map((text, index) => [index + 1, text]),
      );
    }
    expect(started(chat, 'FanOut').length).toBeGreaterThan(0);
    expect(started(chat, 'Deliver').length).toBeGreaterThan(0);
    expect(chat.cloud.lambda.invocations().every(({ outcome }) => outcome === 'returned')).toBe(
      true,
    );
  });

  test('grows by shards, and nobody is missed on the way', async () => {
    const chat = await startLarge();
    const alice = await chat.signIn('alice');
    const devices = await signIn(chat, 5);
    alice.say(ROOM, 'we are six');
    await chat.settles();
    expect(await size(chat)).toMatchObject({ shards: '4', counted: '6' });
    devices.push(...(await signIn(chat, 14)));
    alice.say(ROOM, 'we are twenty');
    await chat.settles();
    expect(await size(chat)).toMatchObject({ shards: '16', counted: '20' });
    devices.push(...(await signIn(chat, 10)));
    expect(Object.keys(await shards(chat)).length).toBeGreaterThan(4);
    alice.say(ROOM, 'we are thirty');
    await chat.settles();
    for (const [index, device] of devices.entries()) {
      const all = ['we are six', 'we are twenty', 'we are thirty'];
      expect(device.heard(ROOM)).toEqual(all.slice(index < 5 ? 0 : index < 19 ? 1 : 2));
    }

    await Promise.all([alice, ...devices].map((device) => device.close()));
    await chat.settles();
    expect(await shards(chat)).toEqual({});
  });

  // No post to the large room comes within four seconds here; the broadcaster has no part in them.
  test('[D4] delays no other room of its shard', async () => {
    const slow = { fault: 'post-slow', ms: 4_000, where: { function: '*Deliver*' } } as const;
    const chat = await startChat({ faults: { rules: [slow] } }, { largeRoom: LARGE });
    const alice = await chat.signIn('alice');
    const bob = await signIn(chat, 3);
    const carol = await signIn(chat, 3, 'carol');
    for (let index = 0; index < 5; index += 1) {
      alice.say(ROOM, `hot ${index}`);
      alice.say('lobby', `cold ${index}`);
    }
    for (const device of bob) {
      await device.until(({ room, message }) => room === 'lobby' && message?.text === 'cold 4');
    }
    for (const device of carol) expect(device.heard(ROOM)).toEqual([]);
    await chat.settles();
    expect(await chat.log(ROOM)).toHaveLength(5);
  });

  test('[P8] whoever is banned hears of it last, in whatever shard, and nothing after', async () => {
    const chat = await startLarge();
    await chat.put('RoomsTable', {
      room: { S: ROOM },
      entry: { S: 'member#alice' },
      user: { S: 'alice' },
      role: { S: 'owner' },
    });
    await chat.put('ConnectionsTable', {
      pk: { S: `room#${ROOM}#0` },
      sk: { S: '#shards' },
      shards: { N: '16' },
      counted: { N: '0' },
    });
    const alice = await chat.signIn('alice', ['ack']);
    const carol = await signIn(chat, 6, 'carol');
    const bob = await signIn(chat, 8);
    alice.say(ROOM, 'before');
    await chat.settles();
    const ban = alice.ask({ action: 'ban', room: ROOM, user: 'bob' });
    for (let index = 0; index < 5; index += 1) alice.say(ROOM, `around ${index}`);
    await ban;
    const { entry } = await alice.until(
      ({ action, status, entry }) =>
        action === 'ban' && status === 'success' && entry !== undefined,
    );
    const banned = (entry as { seq: number }).seq;
    // Whoever sees the ban sees everybody told.
    const heardBy = (device: Device) =>
      device.frames.flatMap(
        (frame) => (frame.message ?? (frame['entry'] as { seq: number }))?.seq ?? [],
      );
    for (const device of bob) expect(Math.max(...heardBy(device))).toBe(banned);
    alice.say(ROOM, 'after');
    await chat.settles();
    for (const device of bob) expect(Math.max(...heardBy(device))).toBe(banned);
    for (const device of carol) expect(device.heard(ROOM)).toContain('after');
  });
});
