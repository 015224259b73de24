import { describe, expect, onTestFinished, test } from 'vitest';

import type { Chat, ChatOptions } from '../../client/chat.ts';
import { createChat } from '../../client/create-chat.ts';
import { createMemoryStorage } from '../../client/sending/outbox-storage.ts';
import type { Room } from '../../client/rooms/room.ts';
import { startChat, type TestChat } from '../support/chat.ts';
import { createShakySockets, type ShakySockets } from './support/shaky-sockets.ts';

/*
 * Goal: with real functions behind real sockets, everybody has the same log in the end, and everything
 * that was written is in it once. Method: chats on the emulator, over a network that the test makes
 * worse; nothing is ever waited for but what is to be seen.
 */

interface Person {
  readonly chat: Chat;
  readonly lobby: Room;
  readonly network: ShakySockets;
  /** Resolves when the condition holds. */
  until(condition: () => boolean): Promise<void>;
  /** What is to be seen in the lobby. */
  texts(): readonly string[];
}

function person(server: TestChat, user: string, options: Partial<ChatOptions> = {}): Person {
  const network = createShakySockets();
  const chat = createChat({
    url: server.cloud.apis[0]?.websocket ?? '',
    token: () => server.tokens[user] ?? '',
    openSocket: network.openSocket,
    // No jitter: the next attempt begins at once.
    random: () => 0,
    storage: createMemoryStorage(),
    tabs: 'single',
    ...options,
  });
  const lobby = chat.room('lobby');
  const watchers = new Set<() => void>();
  const look = () => {
    for (const watch of watchers) watch();
  };
  lobby.on('change', look);
  chat.on('rooms', look);
  chat.on('connection', look);
  onTestFinished(() => chat.close());
  chat.look('lobby');
  chat.connect();
  return {
    chat,
    lobby,
    network,
    texts: () => lobby.messages.map(({ text }) => text),
    until: (condition) =>
      new Promise((resolve) => {
        const watch = () => {
          if (!condition()) return;
          watchers.delete(watch);
          resolve();
        };
        watchers.add(watch);
        watch();
      }),
  };
}

const isOnline = ({ chat }: Person) => chat.connection.name === 'online';

const isSettled = ({ lobby }: Person) =>
  lobby.messages.every(({ seq, state }) => state === 'sent' && seq !== undefined);

/** Has these many messages, all of them with a number. */
const has = (one: Person, count: number) =>
  one.until(() => one.lobby.messages.length === count && isSettled(one));

describe('two people', () => {
  test('see the same, each message once and in one order', async () => {
    const server = await startChat();
    const [alice, bob] = [person(server, 'alice'), person(server, 'bob')];
    await Promise.all([alice.until(() => isOnline(alice)), bob.until(() => isOnline(bob))]);
    for (let count = 0; count < 10; count += 1) {
      alice.lobby.send(`alice ${count}`);
      bob.lobby.send(`bob ${count}`);
    }
    await Promise.all([has(alice, 20), has(bob, 20)]);

    expect(alice.texts()).toEqual(bob.texts());
    for (const user of ['alice', 'bob']) {
      const own = alice.texts().filter((text) => text.startsWith(user));
      expect(own).toEqual(Array.from({ length: 10 }, (_, i) => `${user} ${i}`));
    }
    expect(await bob.lobby.verify()).toMatchObject({ ok: true, from: 1 });
  });

  test('[X1] [X2] [X3] edit, react, pin and delete', async () => {
    const server = await startChat();
    const [alice, bob] = [person(server, 'alice'), person(server, 'bob')];
    await bob.until(() => isOnline(bob));
    for (const text of ['1', '2', '3']) alice.lobby.send(text);
    await Promise.all([has(alice, 3), has(bob, 3)]);
    const [one = 0, two = 0, three = 0] = alice.lobby.messages.map(({ seq }) => seq ?? 0);
    expect(await alice.lobby.edit(one, 'One')).toEqual({ ok: true });
    expect(await alice.lobby.remove(two)).toEqual({ ok: true });
    expect(await bob.lobby.react(three, '👍', true)).toEqual({ ok: true });
    expect(await bob.lobby.pin(three, true)).toEqual({ ok: true });
    expect(await bob.lobby.edit(one, 'Uno')).toMatchObject({ ok: false, code: 'forbidden' });
    await Promise.all([alice, bob].map((who) => who.until(() => who.lobby.pinned.length === 1)));

    for (const { lobby } of [alice, bob]) {
      expect(lobby.messages).toMatchObject([
        { text: 'One', edited: true },
        { text: '', deleted: true },
        { text: '3', pinned: true },
      ]);
      expect(lobby.messages[2]?.reactions).toEqual(new Map([['👍', ['bob']]]));
      expect(await lobby.verify()).toMatchObject({ ok: true });
    }
  });

  test('[N4] [V8] see what is unread, and how far the other has read', async () => {
    const server = await startChat();
    const [alice, bob] = [person(server, 'alice'), person(server, 'bob')];
    await Promise.all([alice.until(() => isOnline(alice)), bob.until(() => isOnline(bob))]);
    alice.lobby.send('Read me, @bob', { mentions: ['bob'] });
    await bob.until(() => bob.lobby.unread === 1);
    expect(bob.lobby.mentions).toBe(1);
    bob.lobby.markRead();
    const seq = bob.lobby.messages.at(-1)?.seq ?? 0;
    await alice.until(() => alice.lobby.readBy.get('bob') === seq);

    expect([bob.lobby.unread, bob.lobby.mentions]).toEqual([0, 0]);
  });

  test('[V2] see each other type', async () => {
    const server = await startChat();
    const [alice, bob] = [person(server, 'alice'), person(server, 'bob')];
    await Promise.all([alice.until(() => isOnline(alice)), bob.until(() => isOnline(bob))]);
    alice.lobby.setTyping(true);
    await bob.until(() => bob.lobby.typing.includes('alice'));
    alice.lobby.send('Done');
    await bob.until(() => bob.lobby.typing.length === 0);

    await has(bob, 1);
    expect(bob.texts()).toEqual(['Done']);
  });

  test('[P1] [P6] [P8] meet in a new room, until one is put out', async () => {
    const server = await startChat();
    const [alice, bob] = [person(server, 'alice'), person(server, 'bob')];
    await Promise.all([alice.until(() => isOnline(alice)), bob.until(() => isOnline(bob))]);
    const made = await alice.chat.createRoom({ name: 'Plans', kind: 'private' });
    const id = made.ok ? made.room : '';
    expect(alice.chat.rooms.find((room) => room.id === id)).toMatchObject({ name: 'Plans' });
    await alice.chat.room(id).invite('bob');
    await bob.until(() => bob.chat.rooms.some((room) => room.id === id));
    await alice.chat.room(id).kick('bob');
    await bob.until(() => bob.chat.rooms.every((room) => room.id !== id));

    const direct = await alice.chat.openDirect('bob');
    const other = direct.ok ? direct.room : '';
    await bob.until(() => bob.chat.room(other).summary?.other === 'alice');
    expect(bob.chat.room(other).summary).toMatchObject({ kind: 'direct' });
  });
});

describe('on a bad network', () => {
  test('what is cut off on its way is sent again, and is there once', async () => {
    const server = await startChat();
    const alice = person(server, 'alice');
    await alice.until(() => isOnline(alice));
    let cuts = 0;
    alice.network.up = (text) => {
      if (!text.includes('new_message') || cuts === 1) return 'send';
      cuts += 1;
      return 'cut';
    };
    for (const text of ['1', '2', '3']) alice.lobby.send(text);
    await has(alice, 3);

    expect(alice.texts()).toEqual(['1', '2', '3']);
    expect(cuts).toBe(1);
    expect(await server.log('lobby')).toHaveLength(3);
  });

  test('[M6] what was accepted when the connection was lost is there once', async () => {
    const server = await startChat();
    const alice = person(server, 'alice');
    await alice.until(() => isOnline(alice));
    let isCut = false;
    alice.network.down = (text) => {
      if (isCut || !text.includes('"accepted"')) return [text];
      isCut = true;
      // The answer arrives at the machine and never at the client.
      queueMicrotask(alice.network.cut);
      return [];
    };
    for (const text of ['1', '2', '3']) alice.lobby.send(text);
    await has(alice, 3);

    expect(isCut).toBe(true);
    expect(alice.texts()).toEqual(['1', '2', '3']);
    expect(await server.log('lobby')).toHaveLength(3);
  });

  test('[D2] a connection lost between acceptance and broadcast loses nothing', async () => {
    const server = await startChat();
    const alice = person(server, 'alice');
    await alice.until(() => isOnline(alice));
    let isCut = false;
    alice.network.down = (text) => {
      if (isCut || !text.includes('"accepted"')) return [text];
      isCut = true;
      setTimeout(alice.network.cut);
      return [text];
    };
    for (const text of ['1', '2', '3']) alice.lobby.send(text);
    await has(alice, 3);

    expect(alice.network.opened).toBeGreaterThan(1);
    expect(alice.texts()).toEqual(['1', '2', '3']);
  });

  test('[D2] frames that come twice, late, or not at all change nothing in the end', async () => {
    const server = await startChat();
    const [alice, bob] = [person(server, 'alice'), person(server, 'bob')];
    await Promise.all([alice.until(() => isOnline(alice)), bob.until(() => isOnline(bob))]);
    let count = 0;
    let held: string[] = [];
    bob.network.down = (text) => {
      if (!text.includes('"message":')) return [text];
      count += 1;
      if (count % 3 === 0) return [];
      if (count % 3 === 1) {
        held.push(text);
        return [];
      }
      const all = [text, ...held, text];
      held = [];
      return all;
    };
    for (let said = 0; said < 30; said += 1) {
      alice.lobby.send(`${said}`);
      await has(alice, said + 1);
    }
    bob.network.down = (text) => [text];
    alice.lobby.send('30');
    await has(bob, 31);

    expect(bob.texts()).toEqual(Array.from({ length: 31 }, (_, said) => `${said}`));
    expect(await bob.lobby.verify()).toMatchObject({ ok: true });
  });

  test('who was away catches up, and what he wrote meanwhile follows', async () => {
    const server = await startChat();
    const [alice, bob] = [person(server, 'alice'), person(server, 'bob')];
    await Promise.all([alice.until(() => isOnline(alice)), bob.until(() => isOnline(bob))]);
    bob.network.goDown();
    await bob.until(() => !isOnline(bob));
    for (let said = 0; said < 5; said += 1) {
      alice.lobby.send(`alice ${said}`);
      bob.lobby.send(`bob ${said}`);
    }
    await has(alice, 5);
    expect(bob.lobby.messages.map(({ state }) => state)).toEqual(Array(5).fill('sending'));
    bob.network.goUp();
    await Promise.all([has(alice, 10), has(bob, 10)]);

    expect(bob.texts()).toEqual(alice.texts());
    expect(bob.texts().slice(5)).toEqual(Array.from({ length: 5 }, (_, said) => `bob ${said}`));
  });

  test('what was unsent when the page was closed is sent by the next one, under the same uuids', async () => {
    const server = await startChat();
    const storage = createMemoryStorage();
    const before = person(server, 'alice', { storage });
    await before.until(() => isOnline(before));
    before.network.goDown();
    const uuids = ['1', '2'].map((text) => before.lobby.send(text).uuid);
    await before.chat.close();

    const after = person(server, 'alice', { storage });
    await has(after, 2);
    expect(after.lobby.messages.map(({ uuid }) => uuid)).toEqual(uuids);
    expect(after.texts()).toEqual(['1', '2']);
    expect(await storage.load('alice')).toEqual([]);
  });
});

test('[A4] [V8] two devices of one person show the same: messages, and what is read', async () => {
  const server = await startChat();
  const [desk, phone] = [person(server, 'alice'), person(server, 'alice')];
  const bob = person(server, 'bob');
  await Promise.all([desk, phone, bob].map((who) => who.until(() => isOnline(who))));
  bob.lobby.send('Hi');
  await Promise.all([has(desk, 1), has(phone, 1)]);
  await phone.until(() => phone.lobby.unread === 1);
  desk.lobby.send('From the desk');
  await Promise.all([has(desk, 2), has(phone, 2)]);
  expect(phone.lobby.messages[1]).toMatchObject({ mine: true, state: 'sent' });
  desk.lobby.markRead();
  await phone.until(() => phone.lobby.unread === 0);

  expect(phone.lobby.readSeq).toBe(desk.lobby.readSeq);
});
