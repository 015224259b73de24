import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { ROOMS_OF_USER_MAX } from '../../protocol/limits.ts';
import type { Entry, ListedRoom } from '../../protocol/replies.ts';
import type { Role } from '../../protocol/roles.ts';
import { openChat, type TestChat } from '../support/chat.ts';
import type { Device, Frame } from '../support/device.ts';

/** Rooms and people, seen from plain sockets. Every test has a room of its own. */
let chat: TestChat;
beforeAll(async () => {
  chat = await openChat();
});
afterAll(() => chat.close());

let rooms = 0;
/** A new room that alice owns, with a device for her. */
async function aliceRoom(kind: 'public' | 'private'): Promise<{ id: string; alice: Device }> {
  rooms += 1;
  const alice = await chat.signIn('alice');
  const made = await alice.ask({ action: 'create_room', name: `Room ${rooms}`, kind });
  return { id: made.room ?? '', alice };
}

/** A public room of alice's, in which bob and carol are, too. */
async function room(): Promise<{ id: string; alice: Device; bob: Device; carol: Device }> {
  const { id, alice } = await aliceRoom('public');
  const bob = await chat.signIn('bob');
  const carol = await chat.signIn('carol');
  for (const device of [bob, carol]) await device.ask({ action: 'join', room: id });
  return { id, alice, bob, carol };
}

const entriesOf = async (device: Device, id: string) =>
  ((await device.ask({ action: 'history', room: id }))['entries'] ?? []) as readonly Entry[];

/** With whom a direct room is, in the list of its people. */
async function otherOf(device: Device, id: string): Promise<string | undefined> {
  const { rooms: listed } = await device.ask({ action: 'list_rooms' });
  return (listed as readonly ListedRoom[]).find((one) => one.id === id)?.other;
}

const success = { status: 'success' };
const refused = (code: string) => ({ status: 'error', code });

/** Rows of a room among all rows of people and rooms. */
const rowsOf = async (id: string) =>
  (await chat.rows('RoomsTable')).filter((row) => row['room'] === id);
const stateOf = async (id: string) => ({
  rows: new Map((await rowsOf(id)).map((row) => [row['entry'], row])),
  log: (await chat.log(id)).map(({ seq, content }) => [seq, content]),
});

const setRole = (id: string, user: string, role: Role) =>
  chat.put('RoomsTable', {
    room: { S: id },
    entry: { S: `member#${user}` },
    user: { S: user },
    role: { S: role },
  });

describe('create_room', () => {
  test('[P1] its creator owns it and hears it at once', async () => {
    const alice = await chat.signIn('alice');
    const other = await chat.signIn('alice');
    const made = await alice.ask({ action: 'create_room', name: 'Plans' });
    expect(made).toMatchObject({
      action: 'create_room',
      status: 'success',
      head: 1,
      entry: { seq: 1, n: 0, kind: 'join', member: 'alice', user: { username: 'alice' } },
    });
    const id = made.room ?? '';
    await other.until(({ uuid }) => uuid === made.uuid);
    expect(await alice.ask({ action: 'new_message', room: id, text: 'first' })).toMatchObject(
      success,
    );
    expect(await alice.ask({ action: 'list_members', room: id })).toMatchObject({
      members: [{ user: 'alice', role: 'owner' }],
    });
  });
});

describe('open_direct', () => {
  test('[P2] [N6] both open it at once, and there is one room, with the other one', async () => {
    const alice = await chat.signIn('alice');
    const carol = await chat.signIn('carol');
    const replies = await Promise.all([
      alice.ask({ action: 'open_direct', user: 'carol' }),
      carol.ask({ action: 'open_direct', user: 'alice' }),
    ]);
    expect(replies).toMatchObject([success, success]);
    const [id = ''] = new Set(replies.map((reply) => reply.room));
    expect(replies.map((reply) => reply.room)).toEqual([id, id]);
    await chat.settles();
    expect(await chat.log(id)).toHaveLength(1);
    expect(await rowsOf(id)).toHaveLength(3);
    expect([await otherOf(alice, id), await otherOf(carol, id)]).toEqual(['carol', 'alice']);
    await alice.ask({ action: 'new_message', room: id, text: 'psst' });
    await carol.until((frame) => frame.message?.text === 'psst');
    // Once more, from both.
    for (const [device, user] of [
      [alice, 'carol'],
      [carol, 'alice'],
    ] as const) {
      expect(await device.ask({ action: 'open_direct', user })).toMatchObject({
        ...success,
        room: id,
      });
    }
  });

  test('[P2] a direct room with oneself is for notes, and with nobody there is none', async () => {
    const bob = await chat.signIn('bob');
    const { room: id = '' } = await bob.ask({ action: 'open_direct', user: 'bob' });
    expect(await bob.ask({ action: 'new_message', room: id, text: 'milk' })).toMatchObject(success);
    expect(await otherOf(bob, id)).toBe('bob');
    expect(await bob.ask({ action: 'open_direct', user: 'nobody' })).toMatchObject(
      refused('unknown_user'),
    );
  });

  test('[P3] nobody comes, goes or is sent', async () => {
    const alice = await chat.signIn('alice');
    const carol = await chat.signIn('carol');
    const { room: id = '' } = await alice.ask({ action: 'open_direct', user: 'bob' });
    await chat.settles();
    const before = await stateOf(id);
    for (const frame of [
      { action: 'join' },
      { action: 'leave' },
      { action: 'invite', user: 'carol' },
      { action: 'kick', user: 'bob' },
      { action: 'ban', user: 'bob' },
      { action: 'unban', user: 'carol' },
      { action: 'set_role', user: 'bob', role: 'read-only' },
      { action: 'rename_room', name: 'Ours' },
      { action: 'mute', user: 'bob', seconds: 60 },
      { action: 'set_slow_mode', seconds: 60 },
    ]) {
      expect(await alice.ask({ ...frame, room: id })).toMatchObject(refused('forbidden'));
      expect(await carol.ask({ ...frame, room: id })).toMatchObject(refused('invalid_room_id'));
    }
    await chat.settles();
    expect(await stateOf(id)).toEqual(before);
  });
});

describe('join', () => {
  test('[P4] makes history readable, and live messages arrive on all devices', async () => {
    const { id, alice } = await aliceRoom('public');
    await alice.ask({ action: 'new_message', room: id, text: 'before' });
    const bob = await chat.signIn('bob');
    const second = await chat.signIn('bob');
    expect(await bob.ask({ action: 'history', room: id })).toMatchObject(
      refused('invalid_room_id'),
    );
    expect(await bob.ask({ action: 'join', room: id })).toMatchObject({
      status: 'success',
      entry: { kind: 'join', member: 'bob' },
    });
    expect((await entriesOf(bob, id)).map(({ kind }) => kind)).toEqual(['join', 'message', 'join']);
    await alice.ask({ action: 'new_message', room: id, text: 'after' });
    await bob.until((frame) => frame.message?.text === 'after');
    await second.until((frame) => frame.message?.text === 'after');
    expect(second.heard(id)).toEqual(['after']);
    expect(await bob.ask({ action: 'join', room: id })).toEqual({
      uuid: expect.any(String),
      action: 'join',
      status: 'success',
      room: id,
    });
  });

  test('[P4] of a private room and a missing one a stranger learns the same', async () => {
    const { id } = await aliceRoom('private');
    const bob = await chat.signIn('bob');
    for (const foreign of [id, 'nowhere']) {
      expect(await bob.ask({ uuid: foreign, action: 'join', room: foreign })).toEqual({
        uuid: foreign,
        action: 'join',
        room: foreign,
        status: 'error',
        code: 'invalid_room_id',
        error_message: 'Invalid room id',
      });
    }
  });
});

describe('invite', () => {
  test('[P6] brings somebody into a private room, once', async () => {
    const { id, alice } = await aliceRoom('private');
    const bob = await chat.signIn('bob');
    await alice.ask({ action: 'invite', room: id, user: 'bob' });
    await bob.until((frame) => frame.action === 'invite' && frame.room === id);
    await alice.ask({ action: 'new_message', room: id, text: 'welcome' });
    await bob.until((frame) => frame.message?.text === 'welcome');
    const head = (await chat.log(id)).length;
    expect(await alice.ask({ action: 'invite', room: id, user: 'bob' })).toMatchObject(success);
    expect(await chat.log(id)).toHaveLength(head);
    expect(await alice.ask({ action: 'invite', room: id, user: 'nobody' })).toMatchObject(
      refused('unknown_user'),
    );
  });
});

describe('kick and ban', () => {
  test.each(['kick', 'ban'])(
    '[P8] after the success of a %s nobody of the room is heard on either device, however much is said',
    async (action) => {
      const { id, alice, bob, carol } = await room();
      const second = await chat.signIn('carol', ['batch']);
      const flood = async (device: Device, count: number) => {
        for (let index = 0; index < count; index += 1) {
          device.say(id, `${index}`);
          if (index % 5 === 4) await device.ask({ action: 'history', room: id, limit: 1 });
        }
      };
      const talk = flood(bob, 100);
      await bob.until((frame) => frame.message?.text === '10');
      let heard: readonly number[] | undefined;
      const gone = alice
        .until((frame) => frame.action === action && frame.room === id)
        // What was posted before may be read after it, on another socket.
        .then(() => Promise.all([carol.caughtUp(), second.caughtUp()]))
        .then(() => {
          heard = [carol, second].map(({ frames }) => frames.length);
        });
      await alice.ask({ action, room: id, user: 'carol' });
      await gone;
      await talk;
      await chat.settles();
      // What was posted before may still be on its way at that moment; nothing may be numbered later.
      const departure = (await chat.log(id)).find(({ kind }) => kind === 'leave');
      for (const device of [carol, second]) {
        const ofRoom = device.frames.filter((frame) => frame.room === id && 'head' in frame);
        const seqs = ofRoom.map((frame) => frame.message?.seq ?? (frame['entry'] as Entry).seq);
        expect(Math.max(...seqs)).toBe(Number(departure?.['seq']));
        expect(ofRoom.at(-1)).toMatchObject({ action });
      }
      expect(heard).toEqual([carol, second].map(({ frames }) => frames.length));
      // The room went on meanwhile.
      expect(Number(bob.frames.findLast((frame) => frame.room === id)?.head)).toBeGreaterThan(
        Number(departure?.['seq']),
      );
      expect(
        await carol.ask({ action: 'new_message', room: id, text: 'still here' }),
      ).toMatchObject(refused('invalid_room_id'));
      expect(await carol.select(id)).toMatchObject(refused('invalid_room_id'));
      const onlineRows = (await chat.rows('ConnectionsTable')).filter(
        (row) => row['pk'] === `room#${id}#0` && row['user'] === 'carol',
      );
      expect(onlineRows).toEqual([]);
      const back = await carol.ask({ action: 'join', room: id });
      expect(back).toMatchObject(action === 'kick' ? success : refused('banned'));
    },
  );

  test('[P8] the banned hear other rooms as before, and may come back when unbanned', async () => {
    const { id, alice, carol } = await room();
    const { id: other } = await room();
    await alice.ask({ action: 'ban', room: id, user: 'carol' });
    expect(await alice.ask({ action: 'invite', room: id, user: 'carol' })).toMatchObject(
      refused('banned'),
    );
    await alice.ask({ action: 'new_message', room: other, text: 'elsewhere' });
    await carol.until((frame) => frame.message?.text === 'elsewhere');
    expect(await alice.ask({ action: 'unban', room: id, user: 'carol' })).toMatchObject(success);
    expect(await carol.ask({ action: 'join', room: id })).toMatchObject(success);
    await alice.ask({ action: 'new_message', room: id, text: 'again' });
    await carol.until((frame) => frame.message?.text === 'again');
  });

  test('[P8] who is not in the room can be kept out of it', async () => {
    const { id, alice } = await aliceRoom('public');
    const bob = await chat.signIn('bob');
    expect(await alice.ask({ action: 'ban', room: id, user: 'bob' })).toMatchObject({
      entry: { kind: 'leave', member: 'bob', reason: 'banned' },
    });
    expect(await bob.ask({ action: 'join', room: id })).toMatchObject(refused('banned'));
    expect(await alice.ask({ action: 'ban', room: id, user: 'bob' })).toMatchObject(success);
    await chat.settles();
    expect(await chat.log(id)).toHaveLength(2);
  });
});

describe('leave and set_role', () => {
  test('[P5] who leaves hears no more of the room', async () => {
    const { id, alice, bob } = await room();
    expect(await bob.ask({ action: 'leave', room: id })).toMatchObject({
      entry: { kind: 'leave', member: 'bob', reason: 'left' },
    });
    await alice.ask({ action: 'new_message', room: id, text: 'gone?' });
    await chat.settles();
    expect(bob.heard(id)).toEqual([]);
    expect(await bob.ask({ action: 'leave', room: id })).toMatchObject(refused('invalid_room_id'));
  });

  test('[P7] the last owner neither leaves others behind nor steps down', async () => {
    const { id, alice, bob, carol } = await room();
    const stepDown = { action: 'set_role', room: id, user: 'alice', role: 'member' };
    expect(await alice.ask({ action: 'leave', room: id })).toMatchObject(refused('last_owner'));
    expect(await alice.ask(stepDown)).toMatchObject(refused('last_owner'));
    expect(
      await alice.ask({ action: 'set_role', room: id, user: 'bob', role: 'owner' }),
    ).toMatchObject({ entry: { kind: 'role', member: 'bob', role: 'owner' } });
    // Both go at once: one of them is the last.
    const left = await Promise.all(
      [alice, bob].map((device) => device.ask({ action: 'leave', room: id })),
    );
    expect(left.map(({ code }) => code ?? 'left').toSorted()).toEqual(['last_owner', 'left']);
    await carol.ask({ action: 'leave', room: id });
    const last = left[0]?.code === 'last_owner' ? alice : bob;
    expect(await last.ask({ action: 'leave', room: id })).toMatchObject(success);
  });
});

describe('the rights of the roles', () => {
  const may = (action: string, fields: object, ...roles: Role[]) => ({ action, fields, roles });
  const onCarol = { user: 'carol' };
  test.each([
    may('new_message', { text: 'x' }, 'owner', 'moderator', 'member'),
    may('invite', onCarol, 'owner', 'moderator', 'member'),
    may('kick', onCarol, 'owner', 'moderator'),
    may('ban', onCarol, 'owner', 'moderator'),
    may('unban', onCarol, 'owner', 'moderator'),
    may('mute', { ...onCarol, seconds: 1 }, 'owner', 'moderator'),
    may('rename_room', { name: 'Other' }, 'owner', 'moderator'),
    may('set_slow_mode', { seconds: 0 }, 'owner', 'moderator'),
    may('set_role', { ...onCarol, role: 'moderator' }, 'owner'),
    may('history', {}, 'owner', 'moderator', 'member', 'read-only'),
    may('list_members', {}, 'owner', 'moderator', 'member', 'read-only'),
    may('leave', {}, 'owner', 'moderator', 'member', 'read-only'),
  ])('[P9] to $action in a public room: $roles', async ({ action, fields, roles }) => {
    const { id, bob } = await room();
    for (const role of ['read-only', 'member', 'moderator', 'owner'] as const) {
      // Who left comes back first.
      await bob.ask({ action: 'join', room: id });
      await setRole(id, 'bob', role);
      await setRole(id, 'carol', 'member');
      await chat.settles();
      const before = await stateOf(id);
      const reply = await bob.ask({ action, room: id, ...fields });
      expect([role, reply.code ?? reply.status]).toEqual([
        role,
        roles.includes(role) ? 'success' : 'forbidden',
      ]);
      await chat.settles();
      if (!roles.includes(role)) expect(await stateOf(id)).toEqual(before);
    }
  });

  test('[P9] in a private room only moderators invite', async () => {
    const { id, alice } = await aliceRoom('private');
    await alice.ask({ action: 'invite', room: id, user: 'bob' });
    const bob = await chat.signIn('bob');
    const invitation = { action: 'invite', room: id, user: 'carol' };
    expect(await bob.ask(invitation)).toMatchObject(refused('forbidden'));
    await alice.ask({ action: 'set_role', room: id, user: 'bob', role: 'moderator' });
    expect(await bob.ask(invitation)).toMatchObject(success);
  });

  test.each([
    ['moderator', 'owner', false],
    ['moderator', 'moderator', false],
    ['moderator', 'member', true],
    ['moderator', 'read-only', true],
    ['owner', 'owner', true],
    ['owner', 'moderator', true],
    ['owner', 'member', true],
    ['owner', 'read-only', true],
  ] as const)('[P10] on whom: %s on %s is %s', async (actor, target, allowed) => {
    const { id, bob } = await room();
    for (const [action, fields] of [
      ['mute', { seconds: 1 }],
      ['kick', {}],
      ['ban', {}],
    ] as const) {
      await setRole(id, 'bob', actor);
      await setRole(id, 'carol', target);
      const reply = await bob.ask({ action, room: id, user: 'carol', ...fields });
      expect(reply).toMatchObject(allowed ? success : refused('forbidden'));
      expect(await bob.ask({ action, room: id, user: 'bob', ...fields })).toMatchObject(
        refused('forbidden'),
      );
    }
  });

  test('[P9] who is read-only reads, and does not write', async () => {
    const { id, alice, bob } = await room();
    const said = await alice.ask({ action: 'new_message', room: id, text: 'listen' });
    await alice.ask({ action: 'set_role', room: id, user: 'bob', role: 'read-only' });
    expect((await bob.select(id)).room_messages).toMatchObject([{ text: 'listen' }]);
    await alice.ask({ action: 'new_message', room: id, text: 'and hear' });
    await bob.until((frame) => frame.message?.text === 'and hear');
    const target = said.message?.seq;
    for (const frame of [
      { action: 'new_message', text: 'no' },
      { action: 'edit_message', target, text: 'no' },
      { action: 'delete_message', target },
      { action: 'react', target, emoji: '👍' },
      { action: 'pin', target },
    ]) {
      expect(await bob.ask({ ...frame, room: id })).toMatchObject(refused('forbidden'));
    }
  });
});

describe('mute and slow mode', () => {
  test('[M6] a repeat has its outcome also when its sender may not speak, or is out, by now', async () => {
    const { id, alice, bob } = await room();
    const said = { uuid: 'm6-said', action: 'new_message', room: id, text: 'Said in time' };
    const first = await bob.ask(said);
    const gone = {
      uuid: 'm6-gone',
      action: 'delete_message',
      room: id,
      target: first.message?.seq,
    };
    expect(await bob.ask({ ...said, uuid: 'm6-other' })).toMatchObject(success);
    const deleted = await bob.ask(gone);
    expect(await bob.ask(gone)).toEqual(deleted);
    await alice.ask({ action: 'mute', room: id, user: 'bob', seconds: 600 });
    expect(await bob.ask(said)).toMatchObject({ ...success, message: { seq: first.message?.seq } });
    await alice.ask({ action: 'kick', room: id, user: 'bob' });
    expect(await bob.ask(said)).toMatchObject({ ...success, message: { seq: first.message?.seq } });
    expect(await bob.ask({ ...said, uuid: 'm6-late' })).toMatchObject(refused('invalid_room_id'));
    await chat.settles();
    expect(
      (await chat.log(id)).filter((row) => String(row['uuid']).startsWith('m6-')),
    ).toHaveLength(3);
  });

  test('[P11] a muted member reads and does not write, also after leaving and coming back', async () => {
    const { id, alice, bob } = await room();
    expect(await alice.ask({ action: 'mute', room: id, user: 'bob', seconds: 600 })).toMatchObject(
      success,
    );
    const muted = { ...refused('muted'), retry_after: 600 };
    const say = { action: 'new_message', room: id, text: 'mmm' };
    expect(await bob.ask(say)).toMatchObject(muted);
    expect(await bob.ask({ action: 'invite', room: id, user: 'carol' })).toMatchObject(muted);
    expect(await bob.select(id)).toMatchObject(success);
    expect(await bob.ask({ action: 'leave', room: id })).toMatchObject(success);
    expect(await bob.ask({ action: 'join', room: id })).toMatchObject(success);
    expect(await bob.ask(say)).toMatchObject(refused('muted'));
    expect(await alice.ask({ action: 'list_members', room: id })).toMatchObject({
      members: [
        { user: 'alice', role: 'owner' },
        { user: 'bob', role: 'member', muted: true },
        { user: 'carol', role: 'member' },
      ],
    });
    await alice.ask({ action: 'mute', room: id, user: 'bob', seconds: 0 });
    expect(await bob.ask(say)).toMatchObject(success);
    await bob.ask({ action: 'leave', room: id });
    await bob.ask({ action: 'join', room: id });
    expect(await bob.ask(say)).toMatchObject(success);
    await chat.settles();
    expect((await chat.log(id)).some(({ content }) => String(content).includes('mute'))).toBe(
      false,
    );
  });

  test('[P12] in slow mode plain members wait, a repeat of the uuid does not, moderators never', async () => {
    const { id, alice, bob } = await room();
    await alice.ask({ action: 'set_slow_mode', room: id, seconds: 600 });
    const uuid = randomUUID();
    const first = { uuid, action: 'new_message', room: id, text: 'one' };
    const accepted = await bob.ask(first);
    expect(accepted).toMatchObject(success);
    const second = await bob.ask({ action: 'new_message', room: id, text: 'two' });
    expect(second).toMatchObject(refused('slow_mode'));
    const retryAfter = Number(second['retry_after']);
    expect(retryAfter > 590 && retryAfter <= 600).toBe(true);
    expect(await bob.ask(first)).toMatchObject({ ...success, message: { text: 'one' } });
    for (const text of ['a', 'b']) {
      expect(await alice.ask({ action: 'new_message', room: id, text })).toMatchObject(success);
    }
    await chat.settles();
    expect(alice.heard(id)).toEqual(['one', 'a', 'b']);
  });
});

describe('lists', () => {
  test('[P13] members come by name, page by page', async () => {
    const { id, alice } = await room();
    const page = async (place: object) => {
      const { members, more } = await alice.ask({ action: 'list_members', room: id, ...place });
      return [(members as { user: string }[]).map(({ user }) => user), more ?? false];
    };
    expect(await page({})).toEqual([['alice', 'bob', 'carol'], false]);
    expect(await page({ limit: 2 })).toEqual([['alice', 'bob'], true]);
    expect(await page({ after: 'bob', limit: 2 })).toEqual([['carol'], false]);
    expect(await page({ after: 'bo' })).toEqual([['bob', 'carol'], false]);
  });

  test('[P14] public rooms are listed with their names, others are not', async () => {
    const { id: open, alice } = await aliceRoom('public');
    const { id: hidden } = await aliceRoom('private');
    await alice.ask({ action: 'rename_room', room: open, name: 'Town Hall' });
    const carol = await chat.signIn('carol');
    const seen: { id: string; name: string }[] = [];
    for (let more = true; more;) {
      const after = seen.at(-1)?.id;
      const reply = await carol.ask({
        action: 'list_public_rooms',
        limit: 2,
        ...(after === undefined ? {} : { after }),
      });
      seen.push(...(reply['rooms'] as { id: string; name: string }[]));
      more = reply['more'] === true;
    }
    const ids = seen.map((one) => one.id);
    expect(ids).toEqual([...new Set(ids)].toSorted());
    expect(seen).toContainEqual({ id: open, name: 'Town Hall' });
    expect(ids).not.toContain(hidden);
    expect(ids).not.toContain('lobby');
  });

  test('[P14] a public room that its last member left is no longer listed', async () => {
    const { id, alice } = await aliceRoom('public');
    await alice.ask({ action: 'leave', room: id });
    const { rooms: listed } = await alice.ask({ action: 'list_public_rooms' });
    expect((listed as { id: string }[]).map((one) => one.id)).not.toContain(id);
  });
});

test('[P15] a repeat of any change with its uuid changes nothing, and has the same outcome', async () => {
  const { id, alice } = await aliceRoom('public');
  const bob = await chat.signIn('bob');
  const steps: readonly (readonly [Device, object])[] = [
    [alice, { action: 'create_room', name: 'Twice' }],
    [bob, { action: 'join', room: id }],
    [alice, { action: 'set_role', room: id, user: 'bob', role: 'moderator' }],
    [alice, { action: 'rename_room', room: id, name: 'New' }],
    [alice, { action: 'kick', room: id, user: 'bob' }],
    [alice, { action: 'invite', room: id, user: 'bob' }],
    [bob, { action: 'leave', room: id }],
    [alice, { action: 'ban', room: id, user: 'bob' }],
    [bob, { action: 'open_direct', user: 'carol' }],
    [alice, { action: 'unban', room: id, user: 'bob' }],
    [alice, { action: 'set_slow_mode', room: id, seconds: 5 }],
  ];
  const outcomeOf = (outcome: Frame) => ({ ...outcome, head: undefined });
  for (const [device, step] of steps) {
    const frame = { ...step, uuid: randomUUID() };
    const first = await device.ask(frame);
    expect(first).toMatchObject(success);
    await chat.settles();
    const before = await stateOf(first.room ?? '');
    expect(outcomeOf(await device.ask(frame))).toEqual(outcomeOf(first));
    await chat.settles();
    expect(await stateOf(first.room ?? '')).toEqual(before);
  }
  // Long after, when everything has changed.
  expect((await chat.log(id)).map(({ seq }) => Number(seq))).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

describe('bad input', () => {
  let id: string;
  let alice: Device;
  let carol: Device;
  beforeAll(async () => {
    ({ id, alice } = await room());
    carol = await chat.signIn('carol');
    await carol.ask({ action: 'leave', room: id });
    await chat.settles();
  });

  const long = 'x'.repeat(101);
  test.each([
    ['create_room', {}, 'invalid_name'],
    ['create_room', { name: ' ' }, 'invalid_name'],
    ['create_room', { name: long }, 'invalid_name'],
    ['create_room', { name: 7 }, 'invalid_name'],
    ['create_room', { name: 'a\u0000b' }, 'invalid_name'],
    ['create_room', { name: 'x', kind: 'direct' }, 'invalid_kind'],
    ['create_room', { name: 'x', kind: null }, 'invalid_kind'],
    ['open_direct', {}, 'unknown_user'],
    ['open_direct', { user: 'a#b' }, 'unknown_user'],
    ['open_direct', { user: ['bob'] }, 'unknown_user'],
    ['invite', { user: long }, 'unknown_user'],
    ['invite', {}, 'unknown_user'],
    ['kick', { user: 'nobody' }, 'unknown_member'],
    ['kick', { user: 5 }, 'unknown_user'],
    ['ban', { user: 'nobody' }, 'unknown_user'],
    ['ban', { user: '' }, 'unknown_user'],
    ['unban', { user: {} }, 'unknown_user'],
    ['set_role', { user: 'nobody', role: 'member' }, 'unknown_member'],
    ['set_role', { user: 'bob' }, 'invalid_role'],
    ['set_role', { user: 'bob', role: 'admin' }, 'invalid_role'],
    ['set_role', { user: 'bob', role: ['owner'] }, 'invalid_role'],
    ['rename_room', { name: long }, 'invalid_name'],
    ['rename_room', {}, 'invalid_name'],
    ['mute', { user: 'bob' }, 'invalid_seconds'],
    ['mute', { user: 'bob', seconds: -1 }, 'invalid_seconds'],
    ['mute', { user: 'bob', seconds: 1e9 }, 'invalid_seconds'],
    ['mute', { user: 'bob', seconds: '60' }, 'invalid_seconds'],
    ['mute', { user: 'nobody', seconds: 60 }, 'unknown_member'],
    ['set_slow_mode', { seconds: 21_601 }, 'invalid_seconds'],
    ['set_slow_mode', { seconds: 0.5 }, 'invalid_seconds'],
    ['set_slow_mode', {}, 'invalid_seconds'],
    ['list_members', { limit: 101 }, 'invalid_page'],
    ['list_members', { after: 5 }, 'invalid_page'],
    ['list_members', { after: 'x'.repeat(129) }, 'invalid_page'],
    ['list_public_rooms', { limit: 0 }, 'invalid_page'],
    ['list_public_rooms', { after: [] }, 'invalid_page'],
    ['join', { room: 7 }, 'invalid_room_id'],
    ['join', { room: 'x'.repeat(200) }, 'invalid_room_id'],
    ['leave', { room: '' }, 'invalid_room_id'],
  ])('[P16] %s %j is answered with %s, and nothing is stored', async (action, fields, code) => {
    const before = await stateOf(id);
    const all = (await chat.rows('RoomsTable')).length;
    const inbox = (await chat.rows('InboxTable')).length;
    expect(await alice.ask({ action, room: id, ...fields })).toMatchObject({
      action,
      ...refused(code),
    });
    await chat.settles();
    expect(await stateOf(id)).toEqual(before);
    expect(await chat.rows('RoomsTable')).toHaveLength(all);
    expect(await chat.rows('InboxTable')).toHaveLength(inbox);
  });

  test.each([
    'leave',
    'invite',
    'kick',
    'ban',
    'unban',
    'set_role',
    'rename_room',
    'mute',
    'set_slow_mode',
    'list_members',
  ])('[P16] %s in a foreign room is answered as in one that does not exist', async (action) => {
    const before = await stateOf(id);
    for (const foreign of [id, 'nowhere']) {
      const frame = { action, room: foreign, user: 'alice', role: 'member', seconds: 1, name: 'x' };
      expect(await carol.ask(frame)).toMatchObject(refused('invalid_room_id'));
    }
    await chat.settles();
    expect(await stateOf(id)).toEqual(before);
  });
});

describe('the rooms of one user', () => {
  test('[P17] are so many and no more, whoever lets him in', async () => {
    await chat.directory.addUser('dave');
    const dave = await chat.connect();
    await dave.authenticate(await chat.directory.issueToken('dave', 1));
    const { id: open } = await aliceRoom('public');
    const { id: closed, alice } = await aliceRoom('private');
    const before = ROOMS_OF_USER_MAX - 1;
    await Promise.all(
      Array.from({ length: before }, (_, index) => setRole(`dave-${index}`, 'dave', 'member')),
    );
    const last = await dave.ask({ action: 'create_room', name: 'The last one' });
    expect(last).toMatchObject(success);
    await chat.settles();

    const full = refused('too_many_rooms');
    for (const frame of [
      { action: 'create_room', name: 'One more' },
      { action: 'join', room: open },
      { action: 'open_direct', user: 'carol' },
    ]) {
      expect(await dave.ask(frame)).toMatchObject(full);
    }
    for (const frame of [
      { action: 'invite', room: closed, user: 'dave' },
      { action: 'open_direct', user: 'dave' },
    ]) {
      expect(await alice.ask(frame)).toMatchObject(full);
    }
    expect(await dave.ask({ action: 'leave', room: last.room })).toMatchObject(success);
    await chat.settles();
    expect(await dave.ask({ action: 'join', room: open })).toMatchObject(success);
  });
});
