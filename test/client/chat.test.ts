import { describe, expect, test } from 'vitest';

import { COPIES_MAX_COUNT } from '../../client/rooms/open-rooms.ts';
import { createChatDouble, refusal } from './support/chat-double.ts';

/*
 * Goal: the list of rooms, and what goes on in a room beside its log, is as the server tells it, and is
 * kept current without asking. Method: as for rooms.
 */

const names = (rooms: readonly { readonly id: string }[]) => rooms.map(({ id }) => id);

async function quiet(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
}

describe('the list of rooms', () => {
  test('[N6] [N7] has all pages, the last spoken in first', async () => {
    const { chat, connect, room, answer, asks } = createChatDouble();
    const [a, b] = [room('a'), room('b')];
    b.say('bob', 'Old');
    a.add('bob', { kind: 'join', member: 'alice' });
    a.say('bob', 'New');
    answer('list_rooms', undefined);
    expect(chat.ready).toBe(false);
    await connect();

    expect(chat.ready).toBe(true);
    expect(names(chat.rooms)).toEqual(['a', 'b']);
    expect(asks('list_rooms')).toHaveLength(1);
  });

  test('comes to an end, though the server does not', async () => {
    const { connect, answer, asks, clock, problems } = createChatDouble();
    let pages = 0;
    answer('list_rooms', ({ uuid }) => {
      pages += 1;
      // Whoever asks for ever is stopped here.
      const more = pages < 5_000 ? { more: true as const, next: `room-${pages}` } : {};
      const reply = { uuid, action: 'list_rooms', status: 'success', rooms: [], ...more } as const;
      return { ok: true, reply };
    });
    await connect();
    await clock.advance(0);

    expect(asks('list_rooms').length).toBeLessThanOrEqual(500);
    expect(problems).toMatchObject([{ code: 'endless_list' }]);
  });

  test('[N4] [N5] counts what is said, as unread and as mentions', async () => {
    const { chat, connect, room, tell } = createChatDouble();
    const log = room('lobby', { mentions: 1, read: 1 });
    for (const text of ['1', '2', '3']) log.say('bob', text);
    await connect();
    expect(chat.rooms).toMatchObject([{ unread: 2, mentions: 1, last: { text: '3' } }]);

    log.add('bob', { kind: 'message', text: '@alice', mentions: ['alice'] });
    log.add('bob', { kind: 'reaction', target: 1, emoji: '👍' });
    tell(log, 4, 4, 5);
    expect(chat.rooms).toMatchObject([{ unread: 3, mentions: 2, last: { text: '@alice' } }]);

    log.add('bob', { kind: 'delete', target: 4 });
    tell(log, 6);
    expect(chat.rooms).toMatchObject([
      { unread: 3, mentions: 1, last: { text: '', deleted: true } },
    ]);
  });

  test('lacks nothing that was said while it was read', async () => {
    const { chat, connect, room, answer, tell } = createChatDouble();
    const log = room('lobby');
    log.say('bob', '1');
    const listed = { id: 'lobby', name: 'Lobby', kind: 'private', role: 'member' } as const;
    answer('list_rooms', ({ uuid }) => {
      const [last] = log.page();
      log.say('bob', '2');
      tell(log, 2);
      const counts = { online: 1, head: 1, read: 0, unread: 1, mentions: 0 };
      const rooms = last === undefined ? [] : [{ ...listed, ...counts, last }];
      return { ok: true, reply: { uuid, action: 'list_rooms', status: 'success', rooms } };
    });
    await connect();

    expect(chat.rooms).toMatchObject([{ unread: 2, last: { text: '2' } }]);
  });

  test('moves a room up in which somebody speaks, and leaves the others as they are', async () => {
    const { chat, connect, room, tell } = createChatDouble();
    const [a, b] = [room('a'), room('b')];
    a.say('bob', '1');
    b.say('bob', '1');
    b.say('bob', '2');
    await connect();
    const before = chat.rooms;
    for (const text of ['2', '3']) a.say('bob', text);
    tell(a, 3);

    expect(names(before)).toEqual(['b', 'a']);
    expect(names(chat.rooms)).toEqual(['a', 'b']);
    expect(chat.rooms[1]).toBe(before[0]);
    expect(chat.room('b').summary).toBe(chat.rooms[1]);
  });

  test('gets a room in which one was invited, though the list of the server is late', async () => {
    const { chat, connect, room, forget, hear, clock } = createChatDouble();
    room('lobby');
    await connect();
    const log = room('new');
    log.add('bob', { kind: 'join', member: 'alice' });
    forget('new');
    hear(log.frame(1));
    await clock.advance(1_500);
    expect(names(chat.rooms)).toEqual(['lobby']);
    room('new');
    await clock.advance(2_000);

    expect(names(chat.rooms)).toContain('new');
  });

  test('[P8] loses a room from which one was put out, and what was loaded of it', async () => {
    const { chat, connect, room, tell } = createChatDouble();
    const log = room('lobby');
    log.say('bob', 'Secret');
    chat.look('lobby');
    await connect();
    log.add('bob', { kind: 'leave', member: 'alice', reason: 'kicked' });
    tell(log, 2);

    expect(chat.rooms).toEqual([]);
    expect(chat.room('lobby').summary).toBeUndefined();
    expect(chat.room('lobby').messages).toEqual([]);
  });

  test('[P8] does not show what was on its way when one was put out', async () => {
    const { chat, connect, room, forget, answer, tell, asks, clock } = createChatDouble();
    const log = room('lobby');
    log.say('bob', 'Secret');
    await connect();
    const { promise: put, resolve: putOut } = Promise.withResolvers<void>();
    const read = log.page();
    answer('history', async ({ uuid }) => {
      await put;
      answer('history', undefined);
      const page = { room: 'lobby', entries: read, head: 1 };
      return { ok: true, reply: { uuid, status: 'success', action: 'history', ...page } };
    });
    const latest = chat.room('lobby').latest();
    await clock.advance(0);
    log.add('bob', { kind: 'leave', member: 'alice', reason: 'kicked' });
    tell(log, 2);
    forget('lobby');
    putOut();

    expect(await latest).toMatchObject({ ok: false, code: 'invalid_room_id' });
    expect(asks('history')).toHaveLength(2);
    expect(chat.room('lobby').messages).toEqual([]);
  });

  test('[P8] loses a room that was listed while one was put out, with the entry that did it', async () => {
    const { chat, connect, room, forget, answer, tell, clock } = createChatDouble();
    const log = room('lobby');
    log.say('bob', 'Secret');
    chat.look('lobby');
    await connect();
    log.add('bob', { kind: 'leave', member: 'alice', reason: 'kicked' });
    forget('lobby');
    // The server looked who is in it, then he was put out, and then it looked how far the log goes.
    const counts = { online: 1, head: 2, unread: 1, mentions: 0, read: 0 };
    const listed = { id: 'lobby', name: '', kind: 'private', role: 'member', ...counts } as const;
    answer('list_rooms', ({ uuid }) => {
      answer('list_rooms', undefined);
      tell(log, 2);
      return {
        ok: true,
        reply: { uuid, action: 'list_rooms', status: 'success', rooms: [listed] },
      };
    });
    await connect();
    await clock.advance(0);

    expect([chat.rooms, chat.room('lobby').messages]).toEqual([[], []]);
  });

  test('loses a room from which one was put out while away', async () => {
    const { chat, connect, disconnect, room, forget } = createChatDouble();
    room('lobby').say('bob', 'Secret');
    chat.look('lobby');
    await connect();
    disconnect();
    forget('lobby');
    await connect();

    expect([chat.rooms, chat.room('lobby').messages]).toEqual([[], []]);
  });

  test('is not asked for once for each frame of a flood from nowhere', async () => {
    const { connect, room, forget, hear, clock, asks } = createChatDouble();
    await connect();
    for (let count = 0; count < 1_000; count += 1) {
      const log = room(`room-${count}`);
      log.say('bob', 'Hi');
      hear(log.frame(1));
      forget(`room-${count}`);
    }
    await clock.advance(60_000);

    expect(asks('list_rooms').length).toBeLessThan(10);
  });

  test('says with whom a direct room is', async () => {
    const { chat, connect, room } = createChatDouble();
    room('direct.1', { kind: 'direct', name: '', other: 'bob' });
    await connect();

    expect(chat.rooms).toMatchObject([{ id: 'direct.1', kind: 'direct', other: 'bob' }]);
  });

  test('[P1] has a room that was just made', async () => {
    const { chat, connect, room, answer } = createChatDouble();
    await connect();
    answer('create_room', ({ uuid }) => {
      room('plans', { role: 'owner' });
      const accepted = { uuid, action: 'create_room', status: 'accepted', room: 'plans' } as const;
      return { ok: true, reply: accepted };
    });

    expect(await chat.createRoom({ name: 'Plans', kind: 'private' })).toEqual({
      ok: true,
      room: 'plans',
    });
    expect(chat.rooms).toMatchObject([{ id: 'plans', role: 'owner' }]);
    answer('join', () => refusal('banned'));
    expect(await chat.join('other')).toMatchObject({ ok: false, code: 'banned' });
  });
});

describe('read marks', () => {
  test('[N2] go up only, once a second, and the last one always', async () => {
    const { chat, connect, room, clock, asks } = createChatDouble();
    const log = room('lobby');
    for (let said = 1; said <= 20; said += 1) log.say('bob', `text ${said}`);
    chat.look('lobby');
    await connect();
    const lobby = chat.room('lobby');
    for (const seq of [3, 5, 4, 9, 20, 7]) lobby.markRead(seq);
    expect([lobby.readSeq, lobby.unread]).toEqual([20, 0]);
    await clock.advance(10_000);

    expect(asks('mark_read').map(({ seq }) => seq)).toEqual([3, 20]);
  });

  test('that the server has are not told again', async () => {
    const { chat, connect, room, clock, asks } = createChatDouble();
    const log = room('lobby', { read: 5 });
    for (let said = 1; said <= 5; said += 1) log.say('bob', `text ${said}`);
    chat.look('lobby');
    await connect();
    chat.room('lobby').markRead(3);
    chat.room('lobby').markRead();
    await clock.advance(10_000);

    expect(asks('mark_read')).toEqual([]);
  });

  test('go no further than what is loaded', async () => {
    const { chat, connect, room, clock, asks } = createChatDouble();
    const log = room('lobby');
    for (let said = 1; said <= 5; said += 1) log.say('bob', `text ${said}`);
    chat.look('lobby');
    await connect();
    chat.room('lobby').markRead(1_000);
    await clock.advance(10_000);

    expect(asks('mark_read')).toMatchObject([{ seq: 5 }]);
  });

  test('that were set without a connection are told with the next', async () => {
    const { chat, connect, disconnect, room, clock, asks } = createChatDouble();
    const log = room('lobby');
    for (let said = 1; said <= 5; said += 1) log.say('bob', `text ${said}`);
    chat.look('lobby');
    await connect();
    disconnect();
    chat.room('lobby').markRead();
    await clock.advance(60_000);
    await connect();
    await clock.advance(2_000);

    expect(asks('mark_read')).toMatchObject([{ seq: 5 }]);
    expect(chat.room('lobby').unread).toBe(0);
  });

  test('[V8] of another device count here, also in a room that is not open', async () => {
    const { chat, connect, room, hear } = createChatDouble();
    const log = room('lobby');
    for (let said = 1; said <= 5; said += 1) log.say('bob', `text ${said}`);
    await connect();
    const read = [{ user: 'alice', seq: 4, n: 4 }];
    hear({ uuid: null, action: 'receipts', status: 'success', room: 'lobby', read });
    expect(chat.rooms).toMatchObject([{ unread: 1 }]);

    // An older one that comes late takes nothing back.
    const older = [{ user: 'alice', seq: 2, n: 2 }];
    hear({ uuid: null, action: 'receipts', status: 'success', room: 'lobby', read: older });
    expect(chat.rooms).toMatchObject([{ unread: 1 }]);
  });

  test('[V8] of others are shown as receipts', async () => {
    const { chat, connect, room, hear } = createChatDouble();
    room('lobby').say('bob', 'Hi');
    chat.look('lobby');
    await connect();
    const tell = (seq: number) =>
      hear({
        uuid: null,
        action: 'receipts',
        status: 'success',
        room: 'lobby',
        read: [
          {
            user: 'bob',
            seq,
            n: seq,
          },
        ],
      });
    tell(7);
    tell(3);

    expect(chat.room('lobby').readBy).toEqual(new Map([['bob', 7]]));
  });
});

describe('what goes on in a room', () => {
  test('[V2] shows who types, until he has stopped, has said it, or time has passed', async () => {
    const { chat, connect, room, hear, tell, clock } = createChatDouble();
    const log = room('lobby');
    chat.look('lobby');
    await connect();
    const lobby = chat.room('lobby');
    const type = (username: string, expires_in: number) =>
      hear({
        uuid: '1',
        action: 'typing',
        status: 'success',
        room: 'lobby',
        expires_in,
        user: { username },
      });
    for (const user of ['alice', 'bob', 'carol', 'dave']) type(user, 6);
    expect(lobby.typing).toEqual(['bob', 'carol', 'dave']);
    type('carol', 0);
    log.say('dave', 'There');
    tell(log, 1);
    expect(lobby.typing).toEqual(['bob']);
    await clock.advance(5_999);
    expect(lobby.typing).toEqual(['bob']);
    await clock.advance(1);
    expect(lobby.typing).toEqual([]);
  });

  test('[V2] tells that one types every 4 seconds, and once that one has stopped', async () => {
    const { chat, connect, room, clock, asks } = createChatDouble();
    room('lobby');
    await connect();
    const lobby = chat.room('lobby');
    for (let key = 0; key < 90; key += 1) {
      lobby.setTyping(true);
      await clock.advance(100);
    }
    lobby.setTyping(false);
    lobby.setTyping(false);
    await clock.advance(0);

    expect(asks('typing').map(({ typing }) => typing)).toEqual([true, true, true, false]);
  });

  test('[V4] sends one signal at a time, and always the latest', async () => {
    const { chat, connect, room, answer, asks } = createChatDouble();
    room('lobby');
    await connect();
    const answers: (() => void)[] = [];
    answer(
      'signal',
      () => new Promise((resolve) => answers.push(() => resolve(refusal('offline')))),
    );
    for (const data of [1, 2, 3, 4]) chat.room('lobby').signal(data);
    await quiet();
    answers[0]?.();
    await quiet();

    expect(asks('signal').map(({ data }) => data)).toEqual([1, 4]);
  });

  test('[V3] shows no signal that is older than the last', async () => {
    const { chat, connect, room, hear } = createChatDouble();
    room('lobby');
    await connect();
    const shown: unknown[] = [];
    chat.room('lobby').on('signal', (signal) => shown.push(signal));
    for (const order of [1, 3, 2, 3, 4]) {
      hear({
        uuid: '1',
        action: 'signal',
        status: 'success',
        room: 'lobby',
        data: order,
        order,
        user: { username: 'bob' },
      });
    }
    await quiet();

    expect(shown).toEqual([1, 3, 4].map((data) => ({ user: 'bob', data })));
  });

  test('[V5] [V7] shows who is there, and believes a frame more than an older list', async () => {
    const { chat, connect, room, hear, answer, receive } = createChatDouble();
    const log = room('lobby');
    chat.look('lobby');
    let list = () => {};
    answer(
      'list_members',
      ({ uuid }) =>
        new Promise((resolve) => {
          list = () =>
            resolve({
              ok: true,
              reply: {
                uuid,
                action: 'list_members',
                status: 'success',
                room: 'lobby',
                members: [
                  {
                    user: 'alice',
                    role: 'member',
                    online: 1,
                  },
                  {
                    user: 'bob',
                    role: 'owner',
                    online: 2,
                  },
                  {
                    user: 'carol',
                    role: 'member',
                    last_seen: 17,
                    read: 4,
                  },
                ],
              },
            });
        }),
    );
    await connect();
    const selected = {
      uuid: '1',
      action: 'select_room',
      status: 'success',
      room: 'lobby',
    } as const;
    receive({ ...selected, room_messages: [], head: log.head });
    await quiet();
    const people = [{ user: 'bob', online: 0, last_seen: 99 }];
    hear({ uuid: null, action: 'presence', status: 'success', room: 'lobby', people });
    list();
    await quiet();

    const lobby = chat.room('lobby');
    expect(lobby.presence.get('bob')).toEqual({ online: 0, lastSeen: 99 });
    expect(lobby.presence.get('carol')).toEqual({ online: 0, lastSeen: 17 });
    expect(lobby.readBy).toEqual(new Map([['carol', 4]]));
    expect(lobby.summary?.online).toBe(1);
  });
});

test('forgets the logs of rooms that were looked at long ago, and reads them anew', async () => {
  const { chat, connect, room, heartbeat } = createChatDouble();
  const count = COPIES_MAX_COUNT + 10;
  for (let id = 0; id < count; id += 1) room(`room-${id}`).say('bob', `in ${id}`);
  await connect();
  for (let id = 0; id < count; id += 1) {
    chat.look(`room-${id}`);
    await quiet();
  }
  const cursors = Object.keys((heartbeat()?.['rooms'] as object | undefined) ?? {});
  expect(cursors.length).toBeLessThanOrEqual(COPIES_MAX_COUNT + 1);
  expect(cursors).not.toContain('room-0');

  chat.look('room-0');
  await quiet();
  expect(chat.room('room-0').messages).toMatchObject([{ text: 'in 0' }]);
});

test('closes for good, and leaves nothing waiting', async () => {
  const { chat, connect, room, clock, tell } = createChatDouble();
  const log = room('lobby');
  chat.look('lobby');
  await connect();
  chat.room('lobby').send('Bye');
  for (const text of ['1', '2', '3']) log.say('bob', text);
  tell(log, 3);
  chat.room('lobby').markRead();
  await chat.close();
  await quiet();

  expect(chat.connection).toEqual({ name: 'closed' });
  expect(clock.waiting).toBe(0);
});
