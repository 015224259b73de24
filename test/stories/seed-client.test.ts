import { once } from 'node:events';

import { expect, test } from 'vitest';
import { WebSocket } from 'ws';

import { startChat } from '../support/chat.ts';

/**
 * A client as the article's readers would have written it: it knows three actions, takes what it knows
 * of a reply, and has never heard of anything else.
 */
async function seedClient(url: string) {
  const socket = new WebSocket(url);
  const said: string[] = [];
  const waiting = new Map<string, (reply: Reply) => void>();
  let count = 0;
  socket.on('message', (data: Buffer) => {
    const reply = JSON.parse(data.toString()) as Reply;
    const { uuid, action, status, message } = reply;
    if (action === 'new_message' && status === 'success') {
      said.push(`${message?.user.username}: ${message?.text}`);
    }
    waiting.get(uuid ?? '')?.(reply);
  });
  await once(socket, 'open');
  return {
    said,
    ask(action: string, fields: object) {
      count += 1;
      const uuid = `seed-${count}`;
      const replied = new Promise<Reply>((resolve) => waiting.set(uuid, resolve));
      socket.send(JSON.stringify({ uuid, action, ...fields }));
      return replied;
    },
    async close() {
      socket.close();
      await once(socket, 'close');
    },
  };
}

interface Message {
  readonly text: string;
  readonly user: { readonly username: string };
}

interface Reply {
  readonly uuid: string | null;
  readonly action: string;
  readonly status: string;
  readonly error_message?: string;
  readonly message?: Message;
  readonly room_messages?: readonly Message[];
}

test('a client that knows only the three actions of the article chats on, whatever the others do', async () => {
  const chat = await startChat();
  const old = await seedClient(chat.cloud.apis[0]?.websocket ?? '');
  const everything = ['ack', 'batch', 'typing', 'signals', 'presence', 'receipts'];
  const alice = await chat.signIn('alice', everything);
  const room = 'lobby';
  const act = async (action: string, fields: object = {}) => {
    const reply = await alice.ask({ action, room, ...fields });
    expect(reply.status).not.toBe('error');
    await chat.settles();
  };

  expect(await old.ask('select_room', { room })).toMatchObject({ status: 'error' });
  const signedIn = await old.ask('authenticate', { token: chat.tokens['bob'] });
  expect(signedIn).toMatchObject({ status: 'success', user: { username: 'bob' } });
  expect(await old.ask('select_room', { room })).toMatchObject({ room_messages: [] });

  await act('select_room');
  await act('new_message', { text: 'one', meta: { any: 1 }, mentions: ['bob'] });
  await act('typing');
  await act('edit_message', { target: 1, text: 'one, changed' });
  await act('signal', { data: 1 });
  await old.ask('new_message', { room, text: 'two' });
  await act('react', { target: 1, emoji: '👍' });
  await act('pin', { target: 1 });
  await act('mark_read', { seq: 2 });
  await act('new_message', { text: 'three' });
  await act('delete_message', { target: 6 });
  await act('new_message', { text: 'four', reply_to: 1 });
  await old.ask('new_message', { room, text: 'five' });
  await chat.settles();

  expect(old.said).toEqual(['alice: one', 'bob: two', 'alice: three', 'alice: four', 'bob: five']);
  const { room_messages: shown = [] } = await old.ask('select_room', { room });
  expect(shown.map(({ text }) => text)).toEqual(['one, changed', 'two', '', 'four', 'five']);
  const blank = await old.ask('new_message', { room, text: ' ' });
  expect(blank).toMatchObject({ status: 'error', error_message: "Message text can't be empty" });
  await old.close();
});
