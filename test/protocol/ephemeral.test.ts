import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import { openChat, type TestChat } from '../support/chat.ts';
import type { Device, Frame } from '../support/device.ts';

/** What goes on in a room without being said: docs/protocol.md, V1 to V9. */
const ALL = ['typing', 'signals', 'presence', 'receipts'];

let chat: TestChat;
beforeAll(async () => {
  chat = await openChat();
});
afterAll(() => chat.close());

/** Signed in until the test is over. */
async function signIn(user: string, features?: readonly string[]) {
  const device = await chat.signIn(user, features);
  onTestFinished(() => device.close());
  return device;
}

/** Signed in, with a room that is looked at. */
async function looking(user: string, room = 'lobby', features: readonly string[] = ALL) {
  const device = await signIn(user, features);
  await device.select(room);
  return device;
}

const pushed = (device: Device, action: string, room?: string) =>
  device.frames.filter(
    (frame) =>
      frame.action === action &&
      (room === undefined || frame.room === room) &&
      ('user' in frame || 'people' in frame || 'read' in frame),
  );

/** A room of these people, made by the first. */
async function roomOf(owner: Device, kind: 'public' | 'private', ...others: readonly string[]) {
  const uuid = randomUUID();
  const name = `room ${uuid.slice(0, 8)}`;
  const made = await owner.ask({ uuid, action: 'create_room', name, kind });
  const room = String(made.room);
  for (const user of others) await owner.ask({ action: 'invite', room, user });
  await chat.settles();
  return room;
}

const peopleIn = (frame: Frame) =>
  frame['people'] as readonly { user: string; online: number; last_seen?: number }[];

/** What a viewer was told of somebody last. */
const lastOf = (device: Device, user: string) =>
  pushed(device, 'presence')
    .flatMap(peopleIn)
    .findLast((person) => person.user === user);

describe('typing', () => {
  test('[V1] [V2] [V4] is shown for 6 seconds to those who look at the room, and answered without the frame', async () => {
    const [alice, bob, phone] = await Promise.all([
      looking('alice'),
      looking('bob'),
      looking('alice'),
    ]);
    const uuid = randomUUID();
    const reply = await alice.ask({ uuid, action: 'typing', room: 'lobby' });
    expect(reply).toEqual({ uuid, action: 'typing', status: 'success', room: 'lobby' });
    await chat.settles();
    expect(pushed(bob, 'typing')).toEqual([
      { ...reply, user: { username: 'alice' }, expires_in: 6 },
    ]);
    expect(pushed(phone, 'typing')).toEqual([]);
    expect(pushed(alice, 'typing')).toEqual([]);
  });

  test('[V1] is not shown to who looks at another room, has selected none, or has not asked for it', async () => {
    const alice = await looking('alice');
    const elsewhere = await looking('bob');
    await elsewhere.select('engineering');
    const nowhere = await signIn('bob', ALL);
    const old = await looking('bob', 'lobby', []);
    const present = await looking('bob');
    await alice.ask({ action: 'typing', room: 'lobby' });
    await chat.settles();
    expect(pushed(present, 'typing')).toHaveLength(1);
    for (const device of [elsewhere, nowhere, old]) expect(pushed(device, 'typing')).toEqual([]);
  });

  test('[V2] is told once in 3 seconds, however often it is repeated, and taken back at once', async () => {
    const alice = await looking('alice');
    const bob = await looking('bob');
    for (let key = 0; key < 5; key += 1) await alice.ask({ action: 'typing', room: 'lobby' });
    await alice.ask({ action: 'typing', room: 'lobby', typing: false });
    await alice.ask({ action: 'typing', room: 'lobby', typing: false });
    await chat.settles();
    expect(pushed(bob, 'typing').map((frame) => frame['expires_in'])).toEqual([6, 0]);
  });

  test('[V1] is no longer shown to who was put out of the room, or whose session was given to another', async () => {
    const owner = await looking('alice');
    const room = await roomOf(owner, 'private', 'bob', 'carol');
    const [bob, carol] = [await looking('bob', room), await looking('carol', room)];
    await carol.authenticate(chat.tokens['bob'] ?? '', ALL);
    await owner.ask({ action: 'kick', room, user: 'bob' });
    await chat.settles();
    await owner.ask({ action: 'typing', room });
    await chat.settles();
    expect(pushed(bob, 'typing')).toEqual([]);
    expect(pushed(carol, 'typing')).toEqual([]);
  });
});

describe('a signal', () => {
  test('[V3] [V4] shows its data to those who look, the calling connection excepted', async () => {
    const [alice, phone, bob] = [
      await looking('alice'),
      await looking('alice'),
      await looking('bob'),
    ];
    const data = { cursor: [1, 2.5], gone: null };
    const reply = await alice.ask({ action: 'signal', room: 'lobby', data });
    await chat.settles();
    const shown = {
      ...reply,
      user: { username: 'alice' },
      data,
      order: expect.any(Number) as number,
    };
    expect(pushed(bob, 'signal')).toEqual([shown]);
    expect(pushed(phone, 'signal')).toEqual([shown]);
    expect(pushed(alice, 'signal')).toEqual([]);
  });

  test('[V3] that is followed by later ones in its tenth of a second is not shown; the last one is', async () => {
    const [alice, bob] = [await looking('alice'), await looking('bob')];
    const asked = Array.from({ length: 20 }, (_, data) =>
      alice.ask({ action: 'signal', room: 'lobby', data }),
    );
    const replies = await Promise.all(asked);
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 'success'));
    await chat.settles();
    const shown = pushed(bob, 'signal');
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.length).toBeLessThan(20);
    const orders = shown.map((frame) => Number(frame['order']));
    expect(new Set(orders).size).toBe(orders.length);
    // One after another, each is shown, and in this order.
    for (const data of ['a', 'b', 'c']) await alice.ask({ action: 'signal', room: 'lobby', data });
    await chat.settles();
    const after = pushed(bob, 'signal').slice(shown.length);
    expect(after.map((frame) => frame['data'])).toEqual(['a', 'b', 'c']);
    const grown = after.map((frame) => Number(frame['order']));
    expect(grown).toEqual(grown.toSorted((a, b) => a - b));
    expect(Math.min(...grown)).toBeGreaterThan(Math.max(...orders));
  });

  test('[V3] is nowhere stored', async () => {
    const alice = await looking('alice');
    const data = `secret ${randomUUID()}`;
    await alice.ask({ action: 'signal', room: 'lobby', data });
    await chat.settles();
    for (const table of ['Connections', 'Rooms', 'Inbox', 'Messages', 'Users']) {
      expect(JSON.stringify(await chat.rows(`${table}Table`))).not.toContain(data);
    }
  });

  test('[V3] without data, or with more than 4,096 bytes of it, is answered with invalid_data', async () => {
    const [alice, bob] = [await looking('alice'), await looking('bob')];
    for (const fields of [{}, { data: 'x'.repeat(4_095) }]) {
      const { code } = await alice.ask({ action: 'signal', room: 'lobby', ...fields });
      expect(code).toBe('invalid_data');
    }
    const fits = await alice.ask({ action: 'signal', room: 'lobby', data: 'x'.repeat(4_094) });
    expect(fits.status).toBe('success');
    await chat.settles();
    expect(pushed(bob, 'signal')).toHaveLength(1);
  });
});

test('[V4] a read-only member is answered with forbidden, a muted one with muted, a stranger as ever', async () => {
  const alice = await looking('alice');
  const room = await roomOf(alice, 'private', 'bob', 'carol');
  await alice.ask({ action: 'set_role', room, user: 'bob', role: 'read-only' });
  await alice.ask({ action: 'mute', room, user: 'carol', seconds: 60 });
  const foreign = await roomOf(alice, 'private');
  const [bob, carol] = [await looking('bob', room), await looking('carol', room)];
  for (const fields of [{ action: 'typing' }, { action: 'signal', data: 1 }]) {
    expect((await bob.ask({ ...fields, room })).code).toBe('forbidden');
    expect(await carol.ask({ ...fields, room })).toMatchObject({ code: 'muted' });
    expect((await bob.ask({ ...fields, room: foreign })).code).toBe('invalid_room_id');
    expect((await bob.ask(fields)).code).toBe('invalid_room_id');
  }
});

describe('presence', () => {
  test('[V5] [V7] tells those who look who comes, with how many connections, and who has gone, and when', async () => {
    const alice = await looking('alice');
    const room = await roomOf(alice, 'private', 'bob');
    await alice.select(room);
    const began = Date.now() / 1_000;
    const [laptop, phone] = [await signIn('bob'), await signIn('bob')];
    await alice.until(() => lastOf(alice, 'bob')?.online === 2);
    await laptop.close();
    await alice.until(() => lastOf(alice, 'bob')?.online === 1);
    expect(lastOf(alice, 'bob')).not.toHaveProperty('last_seen');
    phone.cut();
    await alice.until(() => lastOf(alice, 'bob')?.online === 0);
    expect(lastOf(alice, 'bob')?.last_seen).toBeGreaterThan(began - 1);

    await chat.settles();
    const { members } = await alice.ask({ action: 'list_members', room });
    expect(members).toEqual([
      { user: 'alice', role: 'owner', online: expect.any(Number) as number },
      { user: 'bob', role: 'member', last_seen: lastOf(alice, 'bob')?.last_seen },
    ]);
  });

  test('[V5] is not told to who looks elsewhere, nor to who has not asked for it', async () => {
    const alice = await looking('alice');
    const room = await roomOf(alice, 'private', 'bob', 'carol');
    await alice.select(room);
    const old = await looking('carol', room, ['typing']);
    const elsewhere = await looking('carol', 'lobby');
    await signIn('bob');
    await alice.until(() => (lastOf(alice, 'bob')?.online ?? 0) > 0);
    await chat.settles();
    expect(pushed(old, 'presence')).toEqual([]);
    expect(pushed(elsewhere, 'presence', room)).toEqual([]);
  });
});

test('[V6] who is gone without a word is found out when somebody begins to look, and the others are told', async () => {
  const alice = await looking('alice');
  const room = await roomOf(alice, 'private', 'bob');
  // What a connection leaves behind of which neither $disconnect nor a post ever told.
  const hourAgo = Math.floor(Date.now() / 1_000) - 3_600;
  const ghost = {
    sk: { S: 'L0SM9cOFvHcCIhw=' },
    user: { S: 'bob' },
    expires: { N: String(hourAgo + 7_800) },
  };
  for (const pk of [`room#${room}#0`, 'user#bob']) {
    await chat.put('ConnectionsTable', { pk: { S: pk }, ...ghost });
  }
  await chat.settles();
  await alice.select(room);
  await alice.until(() => lastOf(alice, 'bob')?.online === 0);
  await chat.settles();
  expect(JSON.stringify(await chat.rows('ConnectionsTable'))).not.toContain('L0SM9cOFvHcCIhw=');
});

test('[V7] a row that outlived its connection is nobody, though the TTL has not come to it', async () => {
  const alice = await looking('alice');
  const room = await roomOf(alice, 'private', 'bob');
  await chat.put('ConnectionsTable', {
    pk: { S: `room#${room}#0` },
    sk: { S: 'M1TN0dPGwIdDJix=' },
    user: { S: 'bob' },
    expires: { N: String(Math.floor(Date.now() / 1_000) - 1) },
  });
  const { members } = await alice.ask({ action: 'list_members', room });
  expect(members).toMatchObject([{ user: 'alice', online: 1 }, { user: 'bob' }]);
  expect(JSON.stringify(members)).not.toContain('"online":0');
});

describe('receipts', () => {
  const readBy = (device: Device, room: string, user: string) =>
    pushed(device, 'receipts', room)
      .flatMap((frame) => frame['read'] as readonly { user: string; seq: number; n: number }[])
      .findLast((mark) => mark.user === user);

  test('[V8] [V9] show in a private room who has read up to where, and the furthest of what came at once', async () => {
    const alice = await looking('alice');
    const room = await roomOf(alice, 'private', 'bob');
    await alice.select(room);
    const bob = await looking('bob', room);
    for (const text of ['one', 'two']) await alice.ask({ action: 'new_message', room, text });
    await bob.ask({ action: 'mark_read', room, seq: 3 });
    await bob.ask({ action: 'mark_read', room, seq: 4 });
    await alice.until(() => readBy(alice, room, 'bob')?.seq === 4);
    expect(readBy(alice, room, 'bob')).toEqual({ user: 'bob', seq: 4, n: 2 });
    const { members } = await alice.ask({ action: 'list_members', room });
    expect(members).toMatchObject([{ user: 'alice' }, { user: 'bob', read: 4 }]);
  });

  test("[V8] [V9] of a public room go to one's own connections alone, and the list does not show them", async () => {
    const alice = await looking('alice');
    const room = await roomOf(alice, 'public', 'bob');
    await alice.select(room);
    const [bob, phone] = [await looking('bob', room), await signIn('bob', ALL)];
    await bob.ask({ action: 'mark_read', room, seq: 1 });
    await phone.until(() => readBy(phone, room, 'bob')?.seq === 1);
    await bob.until(() => readBy(bob, room, 'bob')?.seq === 1);
    await chat.settles();
    expect(pushed(alice, 'receipts', room)).toEqual([]);
    const { members } = await alice.ask({ action: 'list_members', room });
    expect(JSON.stringify(members)).not.toContain('read');
  });
});
