import { describe, expect, test } from 'vitest';

import type { Message } from '../../../client/log/message.ts';
import { createMemoryStorage, type OutboxStorage } from '../../../client/sending/outbox-storage.ts';
import { OUTBOX_MAX_COUNT } from '../../../client/sending/outbox.ts';
import { type Asked, createChatDouble, refusal } from '../support/chat-double.ts';

/*
 * Goal: what somebody writes is in the log once, in the order it was written in, whatever happens on the
 * way. Method: as for rooms; the server loses, refuses and delays what the test says.
 */

const brief = (messages: readonly Message[]) =>
  messages.map(({ text, state, seq }) => `${text} ${state} ${seq ?? '-'}`);

/** The server has it, and its number does not come. */
const accepted = ({ uuid }: Asked) =>
  ({
    ok: true,
    reply: { uuid, action: 'new_message', status: 'accepted', room: 'lobby' },
  }) as const;

async function quiet(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
}

describe('a message', () => {
  test('is shown at once, and keeps its key until it is in the log', async () => {
    const double = createChatDouble();
    const { chat, connect, room, tell } = double;
    double.telling = false;
    const log = room('lobby');
    chat.look('lobby');
    await connect();
    const lobby = chat.room('lobby');
    const sent = lobby.send('Hello', { mentions: ['bob'], meta: { color: 'red' } });
    expect(lobby.messages).toEqual([sent]);
    expect(sent).toMatchObject({ state: 'sending', user: 'alice', mine: true, mentions: ['bob'] });

    await quiet();
    expect(brief(lobby.messages)).toEqual(['Hello sent -']);
    tell(log, 1);
    expect(brief(lobby.messages)).toEqual(['Hello sent 1']);
    expect(lobby.messages[0]?.key).toBe(sent.key);
  });

  test('keeps its key when it was written before the first sign-in', async () => {
    const { chat, connect, room } = createChatDouble();
    room('lobby');
    chat.look('lobby');
    const { key } = chat.room('lobby').send('Early');
    await connect();
    await quiet();

    expect(chat.room('lobby').messages).toMatchObject([{ key, user: 'alice', mine: true, seq: 1 }]);
  });

  test('stands behind all others while it is on its way', async () => {
    const double = createChatDouble();
    const { chat, connect, room, tell } = double;
    double.telling = false;
    const log = room('lobby');
    chat.look('lobby');
    await connect();
    const lobby = chat.room('lobby');
    log.say('bob', 'First');
    lobby.send('Second');
    await quiet();
    tell(log, 1);

    expect(brief(lobby.messages)).toEqual(['First sent 1', 'Second sent -']);
  });

  test('is not shown where it does not belong, while one reads elsewhere', async () => {
    const { chat, connect, room, answer } = createChatDouble();
    const log = room('lobby');
    for (let said = 1; said <= 500; said += 1) log.say('bob', `text ${said}`);
    chat.look('lobby');
    await connect();
    answer('new_message', () => refusal('offline'));
    const lobby = chat.room('lobby');
    await lobby.around(100);
    lobby.send('Here?');
    expect(lobby.messages.map(({ seq }) => seq)).not.toContain(undefined);
    await lobby.latest();

    expect(brief(lobby.messages.slice(-2))).toEqual(['text 500 sent 500', 'Here? sending -']);
  });

  test('[D2] is shown once, also when its broadcast comes before its acceptance', async () => {
    const { chat, connect, room, answer, tell } = createChatDouble();
    const log = room('lobby');
    chat.look('lobby');
    await connect();
    answer('new_message', ({ uuid }) => {
      log.say('alice', 'Fast', uuid);
      tell(log, 1);
      return undefined;
    });
    chat.room('lobby').send('Fast');
    await quiet();

    expect(brief(chat.room('lobby').messages)).toEqual(['Fast sent 1']);
    expect(log.head).toBe(1);
  });

  test.each([
    ['  ', 'empty_text'],
    ['a'.repeat(4_001), 'text_too_long'],
    ['\ud83d', 'invalid_text'],
  ])('that the server would refuse fails at once (%#)', (text, code) => {
    const { chat } = createChatDouble();
    expect(chat.room('lobby').send(text)).toMatchObject({ state: 'failed', code });
  });

  test('never throws, whatever is hung on it', () => {
    const { chat } = createChatDouble();
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    const lobby = chat.room('lobby');

    for (const meta of [cycle, 1n, () => 1, 'x'.repeat(3_000)]) {
      expect(lobby.send('Hi', { meta })).toMatchObject({ state: 'failed', code: 'invalid_meta' });
    }
  });

  test('that is one too many fails, and is not kept', () => {
    const { chat } = createChatDouble();
    const lobby = chat.room('lobby');
    for (let count = 0; count < OUTBOX_MAX_COUNT; count += 1) lobby.send(`text ${count}`);

    expect(lobby.send('One more')).toMatchObject({ state: 'failed', code: 'outbox_full' });
    expect(lobby.messages).toHaveLength(OUTBOX_MAX_COUNT);
  });
});

describe('messages', () => {
  test('go out one after the other in a room, and side by side in two', async () => {
    const { chat, connect, room, answer, asks } = createChatDouble();
    room('lobby');
    room('other');
    const accepts: (() => void)[] = [];
    await connect();
    answer(
      'new_message',
      () => new Promise((resolve) => accepts.push(() => resolve(undefined as never))),
    );
    chat.room('lobby').send('1');
    chat.room('lobby').send('2');
    chat.room('other').send('A');
    await quiet();
    expect(asks('new_message').map(({ text }) => text)).toEqual(['1', 'A']);

    accepts[0]?.();
    await quiet();
    expect(asks('new_message').map(({ text }) => text)).toEqual(['1', 'A', '2']);
  });

  test('[M6] whose answer was lost go out again under the same uuid, and are in the log once', async () => {
    const { chat, connect, disconnect, room, answer, asks } = createChatDouble();
    const log = room('lobby');
    chat.look('lobby');
    await connect();
    let losses = 0;
    answer('new_message', ({ uuid, text }) => {
      if (losses > 0) return undefined;
      losses += 1;
      log.say('alice', String(text), uuid);
      disconnect();
      return refusal('offline');
    });
    const lobby = chat.room('lobby');
    lobby.send('Once');
    lobby.send('Twice');
    await quiet();
    await connect();
    await quiet();

    expect(brief(lobby.messages)).toEqual(['Once sent 1', 'Twice sent 2']);
    const [first, again, other] = asks('new_message').map(({ uuid }) => uuid);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
    expect(log.page().map(({ text }) => text)).toEqual(['Once', 'Twice']);
  });

  test('that time out go out again under the same uuid', async () => {
    const { chat, connect, room, answer, asks, clock } = createChatDouble();
    const log = room('lobby');
    await connect();
    let tries = 0;
    answer('new_message', () => {
      tries += 1;
      return tries < 3 ? refusal('timed_out') : undefined;
    });
    chat.room('lobby').send('Patience');
    await clock.advance(60_000);

    expect(new Set(asks('new_message').map(({ uuid }) => uuid)).size).toBe(1);
    expect([tries, log.head]).toEqual([3, 1]);
  });

  test('behind one that is refused go on', async () => {
    const { chat, connect, room, answer } = createChatDouble();
    room('lobby');
    chat.look('lobby');
    await connect();
    answer('new_message', ({ text }) => (text === 'Bad' ? refusal('muted', 60) : undefined));
    const lobby = chat.room('lobby');
    const bad = lobby.send('Bad');
    lobby.send('Good');
    await quiet();
    expect(brief(lobby.messages)).toEqual(['Good sent 1', 'Bad failed -']);
    expect(lobby.messages[1]?.code).toBe('muted');

    answer('new_message', undefined);
    lobby.retry(bad.uuid);
    await quiet();
    expect(brief(lobby.messages)).toEqual(['Good sent 1', 'Bad sent 2']);
    expect(lobby.messages[1]?.uuid).toBe(bad.uuid);
  });

  test('that failed are gone when they are discarded', async () => {
    const { chat, connect, room, answer } = createChatDouble();
    room('lobby');
    chat.look('lobby');
    await connect();
    answer('new_message', () => refusal('forbidden'));
    const lobby = chat.room('lobby');
    const { uuid } = lobby.send('No');
    await quiet();
    lobby.discard(uuid);

    expect(lobby.messages).toEqual([]);
  });

  test('[P12] wait for slow mode to pass, if that is soon', async () => {
    const { chat, connect, room, answer, clock, asks } = createChatDouble();
    const log = room('lobby');
    await connect();
    let isSlow = true;
    answer('new_message', () => (isSlow ? refusal('slow_mode', 30) : undefined));
    chat.room('lobby').send('Slow');
    await clock.advance(29_000);
    expect(asks('new_message')).toHaveLength(1);
    isSlow = false;
    await clock.advance(1_000);

    expect(log.page()).toMatchObject([{ text: 'Slow' }]);
  });

  test('that were accepted and not heard of are asked after', async () => {
    const double = createChatDouble();
    const { chat, connect, room, clock } = double;
    double.telling = false;
    room('lobby');
    chat.look('lobby');
    await connect();
    chat.room('lobby').send('Lost');
    await clock.advance(5_000);

    expect(brief(chat.room('lobby').messages)).toEqual(['Lost sent 1']);
  });

  test('are asked after again, when the server had not come to them', async () => {
    const double = createChatDouble();
    const { chat, connect, room, clock, answer } = double;
    double.telling = false;
    const log = room('lobby');
    chat.look('lobby');
    await connect();
    answer('new_message', accepted);
    const { uuid } = chat.room('lobby').send('Late');
    await clock.advance(12_000);
    log.say('alice', 'Late', uuid);
    await clock.advance(2_999);
    expect(chat.room('lobby').messages.map(({ seq }) => seq)).toEqual([undefined]);
    await clock.advance(1);

    expect(brief(chat.room('lobby').messages)).toEqual(['Late sent 1']);
  });

  test('that were accepted before a large gap are found in it, and sent once more for their number', async () => {
    const { chat, connect, disconnect, room, answer, asks } = createChatDouble();
    const log = room('lobby');
    chat.look('lobby');
    await connect();
    answer('new_message', accepted);
    const { uuid } = chat.room('lobby').send('Before');
    await quiet();
    disconnect();
    for (let said = 0; said < 2_000; said += 1) {
      if (said === 1_000) log.say('alice', 'Before', uuid);
      log.say('bob', `text ${said}`);
    }
    answer('new_message', undefined);
    await connect();
    await quiet();

    expect(brief(chat.room('lobby').messages).at(-1)).toBe('text 1999 sent 2001');
    expect(asks('new_message').map((frame) => frame.uuid)).toEqual([uuid, uuid]);
    expect(log.page().filter(({ text }) => text === 'Before')).toHaveLength(1);
  });
});

describe('an outbox', () => {
  test('outlives its chat: another one sends it, under the same uuids, in order', async () => {
    const storage = createMemoryStorage();
    const first = createChatDouble({ storage });
    first.room('lobby');
    await first.connect();
    first.disconnect();
    const uuids = ['1', '2', '3'].map((text) => first.chat.room('lobby').send(text).uuid);
    await first.chat.close();

    const second = createChatDouble({ storage });
    const log = second.room('lobby');
    second.chat.look('lobby');
    await second.connect();
    await quiet();
    expect(log.page().map(({ uuid }) => uuid)).toEqual(uuids);
    expect(brief(second.chat.room('lobby').messages)).toEqual(['1 sent 1', '2 sent 2', '3 sent 3']);
    expect(await storage.load('alice')).toEqual([]);
  });

  test('shows what failed before a reload as failed, and sends it no more by itself', async () => {
    const storage = createMemoryStorage();
    const first = createChatDouble({ storage });
    first.room('lobby');
    await first.connect();
    first.answer('new_message', () => refusal('banned'));
    first.chat.room('lobby').send('Refused');
    await quiet();
    await first.chat.close();

    const second = createChatDouble({ storage });
    const log = second.room('lobby');
    await second.connect();
    await quiet();
    expect(brief(second.chat.room('lobby').messages)).toEqual(['Refused failed -']);
    expect(log.head).toBe(0);
  });

  test('keeps what was written before the first sign-in for who signs in', async () => {
    const storage = createMemoryStorage();
    const { chat, connect, room, answer } = createChatDouble({ storage });
    room('lobby');
    answer('new_message', () => refusal('offline'));
    const { uuid } = chat.room('lobby').send('Early');
    await connect();
    await quiet();

    expect(chat.room('lobby').messages).toMatchObject([{ uuid, user: 'alice' }]);
    expect(await storage.load('alice')).toMatchObject([{ uuid, text: 'Early' }]);
  });

  test('is kept from the first word on where it is known who writes, and there before anybody signs in', async () => {
    const storage = createMemoryStorage();
    const first = createChatDouble({ storage, user: 'alice' });
    const { uuid } = first.chat.room('lobby').send('Early');
    await first.chat.close();
    expect(await storage.load('alice')).toMatchObject([{ uuid, text: 'Early' }]);

    const second = createChatDouble({ storage, user: 'alice' });
    const log = second.room('lobby');
    const lobby = second.chat.room('lobby');
    await quiet();
    lobby.send('Next');
    expect(brief(lobby.messages)).toEqual(['Early sending -', 'Next sending -']);
    await second.connect();
    await quiet();
    expect(log.page().map(({ text }) => text)).toEqual(['Early', 'Next']);
    expect(await storage.load('alice')).toEqual([]);
  });

  test('of somebody else is left alone', async () => {
    const storage = createMemoryStorage();
    const stored = { user: 'bob', room: 'lobby', uuid: '1', place: 1, text: 'Mine', time: 1 };
    await storage.put(stored);
    const { chat, connect, room } = createChatDouble({ storage });
    room('lobby');
    await connect();

    expect(chat.room('lobby').messages).toEqual([]);
    expect(await storage.load('bob')).toEqual([stored]);
  });

  test('goes on without a storage that fails, and says so', async () => {
    const broken = async () => {
      throw new Error('full');
    };
    const storage: OutboxStorage = { load: broken, put: broken, remove: broken };
    const { chat, connect, room, problems } = createChatDouble({ storage });
    const log = room('lobby');
    await connect();
    chat.room('lobby').send('Still');
    await quiet();

    expect(log.head).toBe(1);
    expect(problems).toMatchObject([{ code: 'storage_failed' }]);
  });
});
