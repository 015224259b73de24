import { describe, expect, test } from 'vitest';

import type { Message } from '../../../client/log/message.ts';
import { TAIL_MAX_COUNT } from '../../../client/log/timeline.ts';
import { createChatDouble, refusal } from '../support/chat-double.ts';
import type { RoomLog } from '../support/room-log.ts';

/*
 * Goal: what somebody sees of a room is what is in its log, whatever the frames do on their way. Method:
 * a server of rooms in memory behind a double of the line; the clock is the test's.
 */

const texts = (messages: readonly Message[]) => messages.map(({ text }) => text);

function fill(log: RoomLog, count: number): RoomLog {
  for (let said = 0; said < count; said += 1) log.say('bob', `text ${log.head + 1}`);
  return log;
}

describe('reading', () => {
  test('shows the newest page when one begins to look, and tells the line to look', async () => {
    const { chat, connect, room, looks } = createChatDouble();
    fill(room('lobby'), 120);
    await connect();
    chat.look('lobby');
    const lobby = chat.room('lobby');
    await lobby.latest();

    expect(looks).toEqual(['lobby']);
    expect(texts(lobby.messages)).toEqual(Array.from({ length: 50 }, (_, i) => `text ${71 + i}`));
    expect([lobby.atStart, lobby.atEnd]).toEqual([false, true]);
  });

  test('shows a room that is looked at before there is a connection as soon as there is one', async () => {
    const { chat, connect, room } = createChatDouble();
    fill(room('lobby'), 3);
    chat.look('lobby');
    await connect();

    expect(texts(chat.room('lobby').messages)).toEqual(['text 1', 'text 2', 'text 3']);
    expect(chat.room('lobby').atStart).toBe(true);
  });

  test('loads older messages down to the first', async () => {
    const { chat, connect, room } = createChatDouble();
    fill(room('lobby'), 120);
    await connect();
    const lobby = chat.room('lobby');
    while (!lobby.atStart) expect(await lobby.loadOlder()).toEqual({ ok: true });

    expect(lobby.messages).toHaveLength(120);
    expect(lobby.messages.map(({ n }) => n)).toEqual(Array.from({ length: 120 }, (_, i) => 1 + i));
  });

  test('moves to a message far away, reads on from there, and comes back', async () => {
    const { chat, connect, room, asks } = createChatDouble();
    fill(room('lobby'), 500);
    await connect();
    const lobby = chat.room('lobby');
    await lobby.around(100);
    expect(lobby.messages.map(({ seq }) => seq)).toEqual(
      Array.from({ length: 50 }, (_, i) => 75 + i),
    );
    expect([lobby.atStart, lobby.atEnd]).toEqual([false, false]);

    await lobby.loadNewer();
    expect(lobby.messages.at(-1)?.seq).toBe(174);
    const asked = asks('history').length;
    await lobby.latest();
    expect([lobby.messages.at(-1)?.seq, lobby.atEnd]).toEqual([500, true]);
    expect(asks('history')).toHaveLength(asked);
  });

  test('says when a message that one wants to go to is not there', async () => {
    const { chat, connect, room } = createChatDouble();
    fill(room('lobby'), 5);
    await connect();
    expect(await chat.room('lobby').around(77)).toMatchObject({
      ok: false,
      code: 'invalid_target',
    });
  });

  test('says that it is offline', async () => {
    const { chat } = createChatDouble();
    expect(await chat.room('lobby').loadOlder()).toMatchObject({ ok: false, code: 'offline' });
  });

  test('asks for a page once, however often it is wanted at once', async () => {
    const { chat, connect, room, asks } = createChatDouble();
    fill(room('lobby'), 300);
    await connect();
    const lobby = chat.room('lobby');
    await lobby.latest();
    await Promise.all([lobby.loadOlder(), lobby.loadOlder(), lobby.loadOlder()]);

    expect(asks('history')).toHaveLength(2);
    expect(lobby.messages).toHaveLength(100);
  });

  test('reads on over pages that hold no message', async () => {
    const { chat, connect, room } = createChatDouble();
    const log = fill(room('lobby'), 3);
    for (let i = 0; i < 70; i += 1) log.add('bob', { kind: 'reaction', target: 1, emoji: '👍' });
    fill(log, 50);
    await connect();
    const lobby = chat.room('lobby');
    await lobby.latest();
    await lobby.loadOlder();

    expect(texts(lobby.messages).slice(0, 3)).toEqual(['text 1', 'text 2', 'text 3']);
  });

  test('[X1] [X2] [X3] [X4] shows messages as later entries made them', async () => {
    const { chat, connect, room, tell } = createChatDouble();
    const log = fill(room('lobby'), 4);
    await connect();
    const lobby = chat.room('lobby');
    await lobby.latest();
    const before = lobby.messages;
    log.add('bob', { kind: 'edit', target: 1, text: 'Better' });
    log.add('bob', { kind: 'delete', target: 2 });
    log.add('carol', { kind: 'reaction', target: 3, emoji: '👍' });
    log.add('carol', { kind: 'pin', target: 3, pinned: true });
    log.add('carol', { kind: 'join', member: 'dave' });
    tell(log, 5, 6, 7, 8, 9);

    const [first, second, third, fourth] = lobby.messages;
    expect(first).toMatchObject({ text: 'Better', edited: true });
    expect(second).toMatchObject({ text: '', deleted: true });
    expect(third?.reactions).toEqual(new Map([['👍', ['carol']]]));
    expect(lobby.pinned).toEqual([third]);
    expect(lobby.notices).toMatchObject([{ seq: 9, kind: 'join', user: 'carol', member: 'dave' }]);
    // What did not change is the same object, and what did is another.
    expect(fourth).toBe(before[3]);
    expect(first).not.toBe(before[0]);
    expect(lobby.messages).toBe(lobby.messages);
  });

  test('tells of any number of changes at once', async () => {
    const { chat, connect, room, tell } = createChatDouble();
    const log = fill(room('lobby'), 1);
    await connect();
    const lobby = chat.room('lobby');
    await lobby.latest();
    await Promise.resolve();
    let changes = 0;
    lobby.on('change', () => (changes += 1));
    fill(log, 5);
    tell(log, 2, 3, 4, 5, 6);
    await new Promise((resolve) => setTimeout(resolve));

    expect(changes).toBe(1);
    expect(lobby.messages).toHaveLength(6);
  });
});

describe('a gap', () => {
  test('[D2] waits a moment for what is late', async () => {
    const { chat, connect, room, tell, clock, asks } = createChatDouble();
    const log = fill(room('lobby'), 2);
    await connect();
    const lobby = chat.room('lobby');
    await lobby.latest();
    const asked = asks('sync').length;
    fill(log, 3);
    tell(log, 5, 4);
    expect(texts(lobby.messages)).toEqual(['text 1', 'text 2']);
    await clock.advance(200);
    tell(log, 3);

    expect(texts(lobby.messages)).toEqual(['text 1', 'text 2', 'text 3', 'text 4', 'text 5']);
    await clock.advance(10_000);
    expect(asks('sync')).toHaveLength(asked);
  });

  test('[D2] [S1] asks for what does not come', async () => {
    const { chat, connect, room, tell, clock, asks } = createChatDouble();
    const log = fill(room('lobby'), 2);
    await connect();
    const lobby = chat.room('lobby');
    await lobby.latest();
    fill(log, 3);
    tell(log, 5);
    await clock.advance(300);

    expect(asks('sync').at(-1)).toMatchObject({ rooms: { lobby: 2 } });
    expect(lobby.messages).toHaveLength(5);
  });

  test('[S2] is walked through page by page', async () => {
    const { chat, connect, disconnect, room, asks } = createChatDouble();
    const log = fill(room('lobby'), 2);
    chat.look('lobby');
    await connect();
    disconnect();
    fill(log, 250);
    await connect();

    expect(chat.room('lobby').messages).toHaveLength(252);
    // The first page came from `history`, and what it holds is not asked for again.
    expect(asks('sync').map(({ rooms }) => rooms)).toEqual([
      { lobby: 2 },
      { lobby: 102 },
      { lobby: 202 },
    ]);
  });

  test('that is large is jumped over, and shown as a hole until it is read', async () => {
    const { chat, connect, disconnect, room } = createChatDouble();
    const log = fill(room('lobby'), 10);
    chat.look('lobby');
    await connect();
    disconnect();
    fill(log, 5_000);
    await connect();
    const lobby = chat.room('lobby');

    expect([lobby.messages[0]?.seq, lobby.messages.at(-1)?.seq]).toEqual([4_961, 5_010]);
    expect([lobby.atStart, lobby.atEnd]).toEqual([false, true]);
    await lobby.loadOlder();
    expect(lobby.messages[0]?.seq).toBe(4_911);
  });

  test('that is large leaves a reader where he reads', async () => {
    const { chat, connect, disconnect, room } = createChatDouble();
    const log = fill(room('lobby'), 1_000);
    chat.look('lobby');
    await connect();
    const lobby = chat.room('lobby');
    await lobby.around(100);
    disconnect();
    log.add('bob', { kind: 'edit', target: 100, text: 'Better' });
    fill(log, 5_000);
    await connect();

    expect(lobby.messages.find(({ seq }) => seq === 100)?.text).toBe('Better');
    expect([lobby.messages[0]?.seq, lobby.atEnd]).toEqual([75, false]);
  });

  test('that is large takes a reader to the newest who has read up to the end', async () => {
    const { chat, connect, disconnect, room } = createChatDouble();
    const log = fill(room('lobby'), 200);
    chat.look('lobby');
    await connect();
    const lobby = chat.room('lobby');
    await lobby.loadOlder();
    lobby.markRead();
    disconnect();
    fill(log, 5_000);
    await connect();

    expect([lobby.messages.at(-1)?.seq, lobby.atEnd]).toEqual([5_200, true]);
  });

  test('that a heartbeat shows is closed', async () => {
    const { chat, connect, room, heartbeat, receive } = createChatDouble();
    const log = fill(room('lobby'), 2);
    chat.look('lobby');
    await connect();
    fill(log, 1);
    expect(heartbeat()).toEqual({ action: 'sync', rooms: { lobby: 2 } });
    const rooms = { lobby: { entries: log.page(3), head: 3 } };
    receive({ uuid: '1', action: 'sync', status: 'success', rooms });

    expect(chat.room('lobby').messages).toHaveLength(3);
  });
});

describe('a server that lies', () => {
  test('about the head is asked less and less often, and believed in nothing', async () => {
    const { chat, connect, room, receive, clock, asks, problems } = createChatDouble();
    const log = fill(room('lobby'), 3);
    chat.look('lobby');
    await connect();
    const lobby = chat.room('lobby');
    const asked = asks('sync').length;
    for (let minute = 0; minute < 600; minute += 1) {
      receive({ ...log.frame(3), head: Number.MAX_SAFE_INTEGER });
      await clock.advance(1_000);
    }

    expect(problems).toContainEqual(expect.objectContaining({ code: 'missing_entries' }));
    expect(asks('sync').length - asked).toBeLessThan(20);
    expect([lobby.messages.length, lobby.atEnd]).toEqual([3, true]);
  });

  test('about numbers fills no memory, and hides nothing that is true', async () => {
    const { chat, connect, room, receive, tell, clock, problems } = createChatDouble();
    const log = fill(room('lobby'), 3);
    chat.look('lobby');
    await connect();
    const lobby = chat.room('lobby');
    for (let seq = 1e9; seq < 1e9 + 2_000; seq += 1) {
      const message = { ...log.told(3), seq, n: seq, hash: `h${seq}`, chain: `c${seq}` };
      receive({ ...log.frame(3), message, head: seq });
    }
    await clock.advance(60_000);
    fill(log, 1);
    tell(log, 4);

    expect(problems).toContainEqual(expect.objectContaining({ code: 'missing_entries' }));
    expect(texts(lobby.messages)).toEqual(['text 1', 'text 2', 'text 3', 'text 4']);
  });

  test('about a room is not believed', async () => {
    const { chat, connect, room, receive, clock, problems } = createChatDouble();
    const log = fill(room('lobby'), 3);
    const other = fill(room('other'), 4);
    chat.look('lobby');
    await connect();
    receive({ ...log.frame(3), message: { ...other.told(4), seq: 5, n: 5 } });
    await clock.advance(0);

    expect(chat.room('other').unread).toBe(4);
    expect(problems).toMatchObject([{ code: 'bad_log' }]);
    expect(chat.room('lobby').messages).toHaveLength(3);
  });

  test('[L4] about what was said before is told, and what was known stays', async () => {
    const { chat, connect, room, receive, clock, problems } = createChatDouble();
    const log = fill(room('lobby'), 3);
    chat.look('lobby');
    await connect();
    const message = { ...log.told(2), text: 'Never said', hash: 'other' };
    receive({ ...log.frame(2), message });
    await clock.advance(0);

    expect(problems).toMatchObject([{ code: 'log_altered' }]);
    expect(chat.room('lobby').messages[1]?.text).toBe('text 2');
  });

  test('with pages that have holes, or are others, is refused', async () => {
    const { chat, connect, room, answer, problems } = createChatDouble();
    const log = fill(room('lobby'), 200);
    await connect();
    const lobby = chat.room('lobby');
    await lobby.latest();
    const page = (entries: RoomLog['page'] extends () => infer Page ? Page : never) =>
      answer('history', ({ uuid }) => ({
        ok: true,
        reply: { uuid, action: 'history', status: 'success', room: 'lobby', entries, head: 200 },
      }));
    page([...log.page(101, 120), ...log.page(122, 150)]);
    expect(await lobby.loadOlder()).toMatchObject({ ok: false, code: 'bad_page' });
    page(log.page(51, 100));
    expect(await lobby.loadOlder()).toMatchObject({ ok: false, code: 'bad_page' });
    page(fill(room('other'), 150).page(101, 150));
    expect(await lobby.loadOlder()).toMatchObject({ ok: false, code: 'bad_page' });
    page([]);
    expect(await lobby.loadOlder()).toMatchObject({ ok: false, code: 'bad_page' });

    expect(lobby.messages).toHaveLength(50);
    expect(problems).toMatchObject([{ code: 'bad_log' }]);
  });

  test('that floods fills no memory', async () => {
    const { chat, connect, room, tell } = createChatDouble();
    const log = fill(room('lobby'), 1);
    chat.look('lobby');
    await connect();
    const lobby = chat.room('lobby');
    fill(log, 10_000);
    for (let seq = 2; seq <= log.head; seq += 1) tell(log, seq);

    expect(lobby.messages.length).toBeLessThan(1_000 + TAIL_MAX_COUNT + 200);
    expect(lobby.messages.at(-1)?.seq).toBe(10_001);
  });
});

test('[L4] proves that what is loaded is complete and unaltered', async () => {
  const { chat, connect, room, tell } = createChatDouble();
  const log = fill(room('lobby'), 4);
  log.add('bob', { kind: 'edit', target: 1, text: 'Better', mentions: ['carol'] });
  await connect();
  const lobby = chat.room('lobby');
  await lobby.latest();
  log.add('bob', { kind: 'delete', target: 1 });
  log.add('bob', { kind: 'reaction', target: 2, emoji: '👍' });
  tell(log, 6, 7);

  expect(await lobby.verify()).toEqual({ ok: true, from: 1, to: 7 });
});

test('a refusal of the server is an outcome', async () => {
  const { chat, connect, room, answer, asks } = createChatDouble();
  fill(room('lobby'), 1);
  await connect();
  const lobby = chat.room('lobby');
  answer('kick', () => refusal('forbidden'));

  expect(await lobby.kick('bob')).toEqual({ ok: false, code: 'forbidden', message: 'forbidden' });
  expect(await lobby.mute('bob', 60)).toEqual({ ok: true });
  expect(asks('mute')).toMatchObject([{ room: 'lobby', user: 'bob', seconds: 60 }]);
});
