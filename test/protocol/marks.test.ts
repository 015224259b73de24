import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { ListedRoom } from '../../protocol/replies.ts';
import { openChat, type TestChat } from '../support/chat.ts';
import type { Device, Frame } from '../support/device.ts';

/** Read marks and the list of rooms, seen from plain sockets. Every test has a room of its own. */
let chat: TestChat;
beforeAll(async () => {
  chat = await openChat();
});
afterAll(() => chat.close());

let people = 0;
/** Somebody new, with a socket, in no room yet. */
async function somebody(): Promise<{ name: string; device: Device }> {
  people += 1;
  const name = `reader-${people}`;
  await chat.directory.addUser(name);
  const device = await chat.connect();
  await device.authenticate(await chat.directory.issueToken(name, 1));
  return { name, device };
}

/** A new room of bob and somebody new, with a device for each. */
async function room(): Promise<{ id: string; name: string; reader: Device; bob: Device }> {
  const { name, device: reader } = await somebody();
  const id = await chat.directory.addRoom(`Room of ${name}`, [name, 'bob']);
  return { id, name, reader, bob: await chat.signIn('bob') };
}

const say = async (device: Device, id: string, text: string, more: object = {}) =>
  (await device.ask({ action: 'new_message', room: id, text, ...more })).message?.seq ?? 0;

const mark = (device: Device, id: string, seq: unknown) =>
  device.ask({ action: 'mark_read', room: id, seq });

const listOf = (frame: Frame) => frame['rooms'] as readonly ListedRoom[];
const list = async (device: Device, place: object = {}) =>
  listOf(await device.ask({ action: 'list_rooms', ...place }));

/** Rows of a room's log, without a sender's help. */
async function fill(id: string, count: number, content: (index: number) => object): Promise<void> {
  for (let index = 1; index <= count; index += 1) {
    const uuid = `${id}-${index}`;
    await chat.put('InboxTable', {
      room: { S: id },
      entry: { S: `bob#${uuid}` },
      user: { S: 'bob' },
      uuid: { S: uuid },
      content: { S: JSON.stringify({ kind: 'message', ...content(index) }) },
      acceptedAt: { N: String(Date.now()) },
    });
  }
  await chat.settles();
}

describe('mark_read', () => {
  test('[N1] moves the mark, and says how much is unread behind it', async () => {
    const { id, reader, bob } = await room();
    for (const text of ['one', 'two', 'three']) await say(bob, id, text);
    const reply = await reader.ask({ uuid: 'n1', action: 'mark_read', room: id, seq: 2 });
    expect(reply).toEqual({
      uuid: 'n1',
      action: 'mark_read',
      status: 'success',
      room: id,
      seq: 2,
      unread: 1,
    });
    expect(await mark(reader, id, 3)).toMatchObject({ seq: 3, unread: 0 });
    expect(await list(reader)).toMatchObject([{ id, read: 3, unread: 0 }]);
  });

  test('[N1] is told to nobody else and is no entry of the log', async () => {
    const { id, reader, bob } = await room();
    await say(bob, id, 'one');
    const before = bob.frames.length;
    await mark(reader, id, 1);
    await chat.settles();
    expect(bob.frames).toHaveLength(before);
    expect(await chat.log(id)).toHaveLength(1);
  });

  test('[N2] an older mark, or the same again, changes nothing and is a success', async () => {
    const { id, reader, bob } = await room();
    for (const text of ['one', 'two', 'three']) await say(bob, id, text);
    await mark(reader, id, 2);
    const row = async () =>
      (await chat.rows('RoomsTable')).filter((one) => one['room'] === id && 'read' in one);
    const before = await row();
    expect(before).toMatchObject([{ read: '2', readN: '2' }]);
    for (const seq of [1, 2]) {
      expect(await mark(reader, id, seq)).toMatchObject({ status: 'success', seq: 2, unread: 1 });
    }
    expect(await row()).toEqual(before);
  });

  test('[N2] of marks that two devices set at once the furthest stays', async () => {
    const { id, name, reader, bob } = await room();
    await fill(id, 20, (index) => ({ text: `${index}` }));
    const other = await chat.connect();
    await other.authenticate(await chat.directory.issueToken(name, 1));
    const order = [7, 19, 3, 12, 20, 1, 15, 8];
    const replies = await Promise.all(
      order.map((seq, index) => mark(index % 2 === 0 ? reader : other, id, seq)),
    );
    expect(replies.map(({ status }) => status)).toEqual(order.map(() => 'success'));
    for (const [index, reply] of replies.entries()) {
      expect(reply['seq']).toBeGreaterThanOrEqual(order[index] ?? 0);
    }
    expect(await list(reader)).toMatchObject([{ read: 20, unread: 0 }]);
    await bob.close();
  });

  test.each([
    ['beyond the head', 2],
    ['0', 0],
    ['negative', -1],
    ['a fraction', 0.5],
    ['far too large', 1e300],
    ['text', '1'],
    ['a list', [1]],
    ['null', null],
    ['absent', undefined],
  ])('[N3] a mark that is %s is refused, and nothing is stored', async (_title, seq) => {
    const { id, reader, bob } = await room();
    await say(bob, id, 'the only one');
    expect(await mark(reader, id, seq)).toMatchObject({
      action: 'mark_read',
      status: 'error',
      code: 'invalid_mark',
      room: id,
    });
    await chat.settles();
    expect(await chat.log(id)).toHaveLength(1);
    expect(
      (await chat.rows('RoomsTable')).filter((row) => row['room'] === id && 'read' in row),
    ).toEqual([]);
  });

  test('[N3] in an empty room there is nothing to mark', async () => {
    const { id, reader } = await room();
    expect(await mark(reader, id, 1)).toMatchObject({ code: 'invalid_mark' });
  });

  test.each(['lobby', 'nowhere', '', undefined, 7])(
    '[R2] a mark in room %j, which is not the user’s, is answered with invalid_room_id',
    async (foreign) => {
      const { device } = await somebody();
      expect(await device.ask({ action: 'mark_read', room: foreign, seq: 1 })).toMatchObject({
        code: 'invalid_room_id',
      });
    },
  );

  test.each(['mark_read', 'list_rooms'])('[A3] %s wants a session', async (action) => {
    const stranger = await chat.connect();
    expect(await stranger.ask({ action, room: 'lobby', seq: 1 })).toMatchObject({
      code: 'authentication_required',
    });
  });
});

describe('unread', () => {
  test('[N4] counts messages alone, and places rather than survivors', async () => {
    const { id, reader, bob } = await room();
    const first = await say(bob, id, 'one');
    await bob.ask({ action: 'edit_message', room: id, target: first, text: 'once' });
    await bob.ask({ action: 'react', room: id, target: first, emoji: '👍' });
    const doomed = await say(bob, id, 'two');
    await bob.ask({ action: 'delete_message', room: id, target: doomed });
    // Five entries, two of them messages, one of these deleted.
    expect(await list(reader)).toMatchObject([{ head: 5, read: 0, unread: 2 }]);
    expect(await mark(reader, id, 2)).toMatchObject({ unread: 1 });
    expect(await mark(reader, id, 4)).toMatchObject({ unread: 0 });
  });

  test('[N4] what one says oneself counts as well, until it is marked', async () => {
    const { id, reader } = await room();
    await say(reader, id, 'talking to myself');
    expect(await list(reader)).toMatchObject([{ unread: 1 }]);
    expect(await mark(reader, id, 1)).toMatchObject({ unread: 0 });
  });

  test('[N5] mentions are counted after the mark, and only those of the user', async () => {
    const { id, name, reader, bob } = await room();
    await say(bob, id, 'hey you', { mentions: [name] });
    await say(bob, id, 'hey me', { mentions: ['bob'] });
    const third = await say(bob, id, 'hey both', { mentions: ['bob', name] });
    const taken = await say(bob, id, 'hey nobody', { mentions: [name] });
    await bob.ask({ action: 'delete_message', room: id, target: taken });
    expect(await list(reader)).toMatchObject([{ mentions: 2, unread: 4 }]);
    await mark(reader, id, 1);
    const [after] = await list(reader);
    expect(after).toMatchObject({ mentions: 1, unread: 3 });
    expect(after).not.toHaveProperty('mentions_more');
    await mark(reader, id, third);
    expect(await list(reader)).toMatchObject([{ mentions: 0, unread: 1 }]);
  });

  test('[N5] mentions are looked for among the newest 100 entries, and it is said when that is not all', async () => {
    const { id, name, reader } = await room();
    await fill(id, 102, (index) => ({
      text: `${index}`,
      ...(index === 2 || index === 3 ? { mentions: [name] } : {}),
    }));
    // The second entry is behind the horizon, the third just within.
    expect(await list(reader)).toMatchObject([{ unread: 102, mentions: 1, mentions_more: true }]);
    await mark(reader, id, 2);
    const [exactly] = await list(reader);
    expect(exactly).toMatchObject({ unread: 100, mentions: 1 });
    expect(exactly).not.toHaveProperty('mentions_more');
  });
});

describe('list_rooms', () => {
  test('[N6] shows what a room is, who is there, and its newest message', async () => {
    const { id, name, reader, bob } = await room();
    const said = await bob.ask({
      action: 'new_message',
      room: id,
      text: '𝕏'.repeat(150),
      meta: { a: 1 },
      mentions: [name],
    });
    await reader.ask({ action: 'react', room: id, target: 1, emoji: '👍' });
    const reply = await reader.ask({ uuid: 'n6', action: 'list_rooms' });
    const { meta, ...message } = { meta: undefined, ...said.message };
    expect(meta).toEqual({ a: 1 });
    expect(reply).toEqual({
      uuid: 'n6',
      action: 'list_rooms',
      status: 'success',
      rooms: [
        {
          id,
          name: `Room of ${name}`,
          kind: 'private',
          role: 'member',
          online: 2,
          head: 2,
          last: { ...message, text: '𝕏'.repeat(100) },
          read: 0,
          unread: 1,
          mentions: 1,
        },
      ],
    });
  });

  test('[N6] counts people online, not their connections', async () => {
    const [one, other] = [await somebody(), await somebody()];
    await chat.directory.addRoom('Two', [one.name, other.name]);
    const second = await chat.connect();
    await second.authenticate(await chat.directory.issueToken(other.name, 1));
    expect(await list(one.device)).toMatchObject([{ online: 2 }]);
    await other.device.close();
    await chat.settles();
    expect(await list(one.device)).toMatchObject([{ online: 2 }]);
    await second.close();
    await chat.settles();
    expect(await list(one.device)).toMatchObject([{ online: 1 }]);
  });

  test('[N6] a room where nothing was said, and one whose newest message is further away than a page', async () => {
    const { id, reader } = await room();
    const [empty] = await list(reader);
    expect(empty).toMatchObject({ head: 0, read: 0, unread: 0, mentions: 0 });
    expect(empty).not.toHaveProperty('last');
    await fill(id, 1, () => ({ text: 'long ago' }));
    await react(id, 99);
    expect(await list(reader)).toMatchObject([{ head: 100, last: { seq: 1, text: 'long ago' } }]);
    await react(id, 1, 99);
    const [farAway] = await list(reader);
    expect(farAway).toMatchObject({ head: 101, unread: 1 });
    expect(farAway).not.toHaveProperty('last');
  });

  test('[N7] pages by id, without a hole and without a double', async () => {
    const { name, device } = await somebody();
    const ids: string[] = [];
    for (let index = 0; index < 5; index += 1) {
      ids.push(await chat.directory.addRoom(`Room ${index}`, [name]));
    }
    ids.sort();
    const seen: string[][] = [];
    for (let after: unknown, more = true; more;) {
      const reply = await device.ask({ action: 'list_rooms', limit: 2, after });
      seen.push(listOf(reply).map(({ id }) => id));
      more = reply['more'] === true;
      after = reply['next'];
      expect(after).toBe(more ? seen.at(-1)?.at(-1) : undefined);
    }
    expect(seen).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
    expect(await list(device, { after: ids.at(-1) })).toEqual([]);
    // Not only ids of rooms that are there: whatever stands between two of them will do.
    expect((await list(device, { after: `${ids[2]}!` })).map(({ id }) => id)).toEqual(ids.slice(3));
  });

  test('[N7] rooms that do not fit the reply are left for the next page', async () => {
    const { name, device } = await somebody();
    const long = Array.from({ length: 20 }, (_, index) => `${'ü'.repeat(60)}${index}`);
    const ids: string[] = [];
    for (let index = 0; index < 60; index += 1) {
      const id = await chat.directory.addRoom(`Room ${index}`, [name]);
      ids.push(id);
      await fill(id, 1, () => ({ text: '𝕏'.repeat(100), mentions: long }));
    }
    const first = await device.ask({ action: 'list_rooms' });
    expect(Buffer.byteLength(device.texts.at(-1) ?? '')).toBeLessThanOrEqual(120 * 1_024);
    expect(first).toMatchObject({ more: true, next: listOf(first).at(-1)?.id });
    const second = await device.ask({ action: 'list_rooms', after: first['next'] });
    const seen = [...listOf(first), ...listOf(second)].map(({ id }) => id);
    expect(seen).toEqual(ids.toSorted().slice(0, seen.length));
    expect(listOf(first).length).toBeGreaterThan(10);
  });

  test('[N7] a room the user was removed from is gone at once', async () => {
    const { id, name, reader } = await room();
    expect(await list(reader)).toHaveLength(1);
    await chat.call('DeleteItem', {
      TableName: chat.cloud.outputs['RoomsTable'],
      Key: { room: { S: id }, entry: { S: `member#${name}` } },
    });
    expect(await list(reader)).toEqual([]);
  });

  test.each([
    ['a limit of 0', { limit: 0 }],
    ['a limit beyond 100', { limit: 101 }],
    ['a limit that is a fraction', { limit: 1.5 }],
    ['a limit in words', { limit: 'all' }],
    ['a limit of null', { limit: null }],
    ['an id that is a number', { after: 7 }],
    ['an empty id', { after: '' }],
    ['an id that is too long', { after: 'x'.repeat(129) }],
    ['an id with a lone surrogate', { after: '\ud800' }],
  ])('[N8] %s is refused, and nothing is stored', async (_title, place) => {
    const { device } = await somebody();
    const before = await chat.rows('RoomsTable');
    expect(await device.ask({ action: 'list_rooms', ...place })).toMatchObject({
      action: 'list_rooms',
      status: 'error',
      code: 'invalid_list',
    });
    expect(await chat.rows('RoomsTable')).toEqual(before);
  });
});

/** Reactions to the room's first message, which are entries and no messages. */
async function react(id: string, count: number, from = 0): Promise<void> {
  for (let index = from; index < from + count; index += 1) {
    const uuid = `${id}-reaction-${index}`;
    await chat.put('InboxTable', {
      room: { S: id },
      entry: { S: `bob#${uuid}` },
      user: { S: 'bob' },
      uuid: { S: uuid },
      action: { S: 'react' },
      content: { S: JSON.stringify({ kind: 'reaction', target: 1, emoji: '👍' }) },
      acceptedAt: { N: String(Date.now()) },
    });
  }
  await chat.settles();
}
