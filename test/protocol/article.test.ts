import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openChat, startChat, type TestChat } from '../support/chat.ts';

/**
 * The rules of docs/protocol.md, seen from a plain socket: real frames, real functions, real tables.
 * One chat serves the whole file; every test uses words of its own.
 */
let chat: TestChat;
beforeAll(async () => {
  chat = await openChat();
});
afterAll(() => chat.close());

describe('frames', () => {
  test.each([
    ['[E2] text that is not JSON', 'hi', { uuid: null, action: null, code: 'invalid_json' }],
    [
      '[E3] JSON that is no object',
      '[1]',
      { uuid: null, action: null, code: 'invalid_message_format' },
    ],
    [
      '[E3] no uuid',
      '{"action":"select_room"}',
      { uuid: null, action: 'select_room', code: 'invalid_message_format' },
    ],
    [
      '[E3] an empty uuid',
      '{"uuid":"","action":"authenticate"}',
      { uuid: null, action: 'authenticate', code: 'invalid_message_format' },
    ],
    [
      '[E3] no action',
      '{"uuid":"e3"}',
      { uuid: 'e3', action: null, code: 'invalid_message_format' },
    ],
    [
      '[E3] an empty action',
      '{"uuid":"e3","action":""}',
      { uuid: 'e3', action: null, code: 'invalid_message_format' },
    ],
    [
      '[E4] an unknown action',
      '{"uuid":"e4","action":"dance"}',
      { uuid: 'e4', action: 'dance', code: 'invalid_payload' },
    ],
    [
      '[E4] an action named like a part of every object',
      '{"uuid":"e4","action":"__proto__"}',
      { uuid: 'e4', action: '__proto__', code: 'invalid_payload' },
    ],
    [
      '[E4] an action named like a route of the gateway',
      '{"uuid":"e4","action":"$connect"}',
      { uuid: 'e4', action: '$connect', code: 'invalid_payload' },
    ],
    [
      '[E5] a uuid that is a number',
      '{"uuid":7,"action":"select_room"}',
      { uuid: null, action: 'select_room', code: 'invalid_uuid' },
    ],
    [
      '[E5] a uuid that is too long',
      JSON.stringify({ uuid: 'x'.repeat(129), action: 'select_room' }),
      { uuid: null, action: 'select_room', code: 'invalid_uuid' },
    ],
  ])('%s is answered with its error, and the socket stays open', async (_title, text, error) => {
    const device = await chat.signIn('alice');
    const before = device.frames.length;
    device.send(text);
    const reply = await device.until((frame) => frame.status === 'error');
    expect(reply).toMatchObject({ ...error, status: 'error' });
    expect(await device.select('lobby')).toMatchObject({ status: 'success' });
    expect(device.frames).toHaveLength(before + 2);
    await device.close();
  });

  test('[E3] [E4] the texts are those of the article', async () => {
    const device = await chat.connect();
    device.send('{}');
    expect(await device.until((frame) => frame.code === 'invalid_message_format')).toHaveProperty(
      'error_message',
      "Some of required keys are absent or empty. Required keys: ['action', 'uuid']",
    );
    // The article's list, with the actions that came after it.
    expect((await device.ask({ action: 'dance' })).error_message).toMatch(
      /^Invalid message action\. Next actions are allowed: \['authenticate', 'select_room', 'new_message'[^\]]*\]$/,
    );
    await device.close();
  });

  test('[E9] a binary frame closes the socket with 1003', async () => {
    const device = await chat.connect();
    device.send(Buffer.from('{}'));
    expect(await device.closed).toMatchObject({ code: 1003 });
  });

  test('[E9] a frame over 32 KB closes the socket with 1009', async () => {
    const device = await chat.connect();
    device.send('x'.repeat(32 * 1024 + 1));
    expect(await device.closed).toMatchObject({ code: 1009 });
  });
});

describe('authenticate', () => {
  test('[A1] [E1] a valid token is answered with success under the same uuid', async () => {
    const device = await chat.connect();
    const reply = await device.ask({
      uuid: 'a1',
      action: 'authenticate',
      token: chat.tokens['alice'],
    });
    expect(reply).toEqual({
      uuid: 'a1',
      action: 'authenticate',
      status: 'success',
      user: { username: 'alice' },
      features: [],
    });
    await device.close();
  });

  test.each([
    ['a made-up one', 'YWxpY2U.c2VjcmV0'],
    ['nonsense', 'nonsense'],
    ['none', undefined],
    ['a number', 5],
    ['an empty one', ''],
    ['one that is too long', 'x'.repeat(600)],
  ])('[A2] a wrong token (%s) is refused, and the socket may try again', async (_title, token) => {
    const device = await chat.connect();
    expect(await device.ask({ action: 'authenticate', token })).toMatchObject({
      action: 'authenticate',
      status: 'error',
      code: 'invalid_token',
      error_message: 'Invalid authentication token',
    });
    expect(await device.authenticate(chat.tokens['alice'] ?? '')).toMatchObject({
      status: 'success',
    });
    await device.close();
  });

  test('[A2] a wrong token leaves a session as it was', async () => {
    const device = await chat.signIn('alice');
    await device.authenticate('wrong');
    expect(await device.select('lobby')).toMatchObject({ status: 'success' });
    await device.close();
  });

  test.each(['select_room', 'new_message'])('[A3] %s before it is refused', async (action) => {
    const device = await chat.connect();
    expect(await device.ask({ action, room: 'lobby', text: 'Hi' })).toMatchObject({
      action,
      code: 'authentication_required',
      error_message: 'Authentication required before sending any other messages',
    });
    await device.close();
  });

  test('[A5] authenticating as somebody else hands the connection over', async () => {
    const device = await chat.signIn('alice');
    await device.authenticate(chat.tokens['carol'] ?? '');
    expect(await device.select('lobby')).toMatchObject({ code: 'invalid_room_id' });
    const bob = await chat.signIn('bob');
    bob.say('lobby', 'not for carol');
    bob.say('engineering', 'for carol');
    await device.until((frame) => frame.message?.text === 'for carol');
    await chat.settles();
    expect(device.heard('lobby')).toEqual([]);
    await Promise.all([device.close(), bob.close()]);
  });

  test('[A6] a revoked token ends the sessions that are open', async () => {
    await chat.directory.addUser('dora');
    const token = await chat.directory.issueToken('dora', 1);
    await chat.directory.addRoom('Attic', ['dora', 'bob'], 'attic');
    const dora = await chat.connect();
    await dora.authenticate(token);
    expect(await chat.directory.revokeTokens('dora')).toBe(1);
    expect(await dora.select('attic')).toMatchObject({ code: 'authentication_required' });
    expect(await dora.authenticate(token)).toMatchObject({ code: 'invalid_token' });
    const bob = await chat.signIn('bob');
    bob.say('attic', 'anybody?');
    await chat.settles();
    expect(dora.heard('attic')).toEqual([]);
    await Promise.all([dora.close(), bob.close()]);
  });

  test('[A2] an expired token is refused although its row is still there', async () => {
    await chat.directory.addUser('eve');
    const expired = await chat.directory.issueToken('eve', -1);
    const device = await chat.connect();
    expect(await device.authenticate(expired)).toMatchObject({ code: 'invalid_token' });
    expect(await chat.rows('UsersTable')).toContainEqual(
      expect.objectContaining({ user: 'eve', entry: expect.stringMatching(/^token#/) as string }),
    );
    await device.close();
  });

  test('[A4] two connections of one user have sessions of their own', async () => {
    const laptop = await chat.signIn('alice', ['ack']);
    const phone = await chat.connect();
    expect(await phone.select('lobby')).toMatchObject({ code: 'authentication_required' });
    expect(await laptop.select('lobby')).toMatchObject({ status: 'success' });
    await laptop.close();
    await phone.authenticate(chat.tokens['alice'] ?? '');
    expect(await phone.select('lobby')).toMatchObject({ status: 'success' });
    await phone.close();
  });

  test('a token is stored as its hash alone', async () => {
    const stored = JSON.stringify(await chat.rows('UsersTable'));
    for (const token of Object.values(chat.tokens)) {
      expect(stored).not.toContain(token);
      expect(stored).not.toContain(token.split('.')[1]);
    }
  });
});

describe('select_room', () => {
  test('[R1] the reply has the 20 latest messages, oldest first, and the head', async () => {
    await chat.directory.addRoom('Long', ['alice', 'bob'], 'long');
    const alice = await chat.signIn('alice', ['ack']);
    for (let index = 1; index <= 25; index += 1) {
      await alice.ask({ action: 'new_message', room: 'long', text: `message ${index}` });
    }
    await chat.settles();
    const reply = await alice.select('long');
    expect(reply).toMatchObject({ status: 'success', room: 'long', head: 25, more: true });
    expect(reply.room_messages?.map(({ text }) => text)).toEqual(
      Array.from({ length: 20 }, (_, index) => `message ${index + 6}`),
    );
    await alice.close();
  });

  test('[R1] an empty room has no messages and head 0', async () => {
    await chat.directory.addRoom('Empty', ['alice'], 'empty');
    const alice = await chat.signIn('alice');
    const reply = await alice.ask({ uuid: 'r1', action: 'select_room', room: 'empty' });
    expect(reply).toEqual({
      uuid: 'r1',
      action: 'select_room',
      status: 'success',
      room: 'empty',
      room_messages: [],
      head: 0,
    });
    await alice.close();
  });

  test.each([
    ['one that does not exist', 'nowhere'],
    ['a foreign one', 'lobby'],
    ['a number', 5],
    ['none', undefined],
    ['an empty one', ''],
    ['an object', {}],
    ['__proto__', '__proto__'],
    ['one with a lone surrogate', '\ud800'],
  ])('[R2] a room that is not the user’s (%s) is an invalid room id', async (_title, room) => {
    const carol = await chat.signIn('carol');
    expect(await carol.ask({ action: 'select_room', room })).toMatchObject({
      action: 'select_room',
      status: 'error',
      code: 'invalid_room_id',
      error_message: 'Invalid room id',
    });
    await carol.close();
  });

  test('[R3] a member added while online hears the room from then on', async () => {
    const bob = await chat.signIn('bob');
    await chat.directory.addRoom('Cellar', ['bob', 'alice'], 'cellar');
    const alice = await chat.signIn('alice');
    alice.say('cellar', 'dark here');
    await bob.until((frame) => frame.message?.text === 'dark here');
    await Promise.all([alice.close(), bob.close()]);
  });

  test('[R4] of messages too long for one reply, the newest that fit are shown', async () => {
    await chat.directory.addRoom('Novel', ['alice'], 'novel');
    const alice = await chat.signIn('alice', ['ack']);
    for (let index = 0; index < 10; index += 1) {
      await alice.ask({ action: 'new_message', room: 'novel', text: '𝕏'.repeat(4_000) });
    }
    await chat.settles();
    const reply = await alice.select('novel');
    expect(reply).toMatchObject({ status: 'success', head: 10, more: true });
    expect(reply.room_messages?.map(({ seq }) => seq)).toEqual([4, 5, 6, 7, 8, 9, 10]);
    expect(Buffer.byteLength(alice.texts.at(-1) ?? '')).toBeLessThan(120 * 1024);
    await alice.close();
  });
});

describe('new_message', () => {
  test('[M1] [M7] [D1] the success has the whole message, for sender and members alike', async () => {
    const alice = await chat.signIn('alice');
    const bob = await chat.signIn('bob');
    const before = Date.now() / 1_000;
    const uuid = alice.say('lobby', '  Hello 👋  ');
    const seen = await bob.until((frame) => frame.uuid === uuid);
    expect(seen).toEqual({
      uuid,
      action: 'new_message',
      status: 'success',
      room: 'lobby',
      head: seen.head,
      message: {
        id: `lobby.${seen.head}`,
        seq: seen.head,
        n: seen.head,
        kind: 'message',
        user: { username: 'alice' },
        room: 'lobby',
        uuid,
        timestamp: expect.any(Number) as number,
        text: '  Hello 👋  ',
        hash: expect.stringMatching(/^[\w-]{43}$/) as string,
        nonce: expect.stringMatching(/^[\w-]{22}$/) as string,
        chain: expect.stringMatching(/^[\w-]{43}$/) as string,
      },
    });
    expect(seen.message?.['timestamp']).toBeGreaterThanOrEqual(before - 1);
    expect(await alice.until((frame) => frame.uuid === uuid)).toEqual(seen);
    await Promise.all([alice.close(), bob.close()]);
  });

  test.each([
    ['absent', undefined],
    ['null', null],
    ['empty', ''],
    ['blank', ' \n\t '],
  ])('[M3] text that is %s is refused with the article’s text', async (_title, text) => {
    const alice = await chat.signIn('alice');
    expect(await alice.ask({ uuid: 'm3', action: 'new_message', room: 'lobby', text })).toEqual({
      uuid: 'm3',
      action: 'new_message',
      room: 'lobby',
      status: 'error',
      code: 'empty_text',
      error_message: "Message text can't be empty",
    });
    await alice.close();
  });

  test('[M4] 4,000 emoji are a message, 4,001 letters are not', async () => {
    const alice = await chat.signIn('alice');
    const long = '😀'.repeat(4_000);
    const uuid = alice.say('lobby', long);
    expect((await alice.until((frame) => frame.uuid === uuid)).message?.text).toBe(long);
    expect(
      await alice.ask({ action: 'new_message', room: 'lobby', text: 'x'.repeat(4_001) }),
    ).toMatchObject({ code: 'text_too_long' });
    await alice.close();
  });

  test.each([
    ['a number', 5],
    ['a list', ['Hi']],
    ['an object', { S: 'Hi' }],
    ['true', true],
    ['a lone surrogate', 'a\ud800b'],
  ])('[M5] text that is %s is refused', async (_title, text) => {
    const alice = await chat.signIn('alice');
    expect(await alice.ask({ action: 'new_message', room: 'lobby', text })).toMatchObject({
      code: 'invalid_text',
    });
    await alice.close();
  });

  test('[M2] [M3] the room is judged before the text, and a stranger learns of the room alone', async () => {
    const carol = await chat.signIn('carol');
    expect(await carol.ask({ action: 'new_message', room: 'lobby', text: '' })).toMatchObject({
      code: 'invalid_room_id',
    });
    await carol.close();
  });

  test('[E6] [E7] a refused message reaches nobody but its sender, and nothing of it is stored', async () => {
    const alice = await chat.signIn('alice');
    const phone = await chat.signIn('alice');
    const bob = await chat.signIn('bob');
    const before = [await chat.rows('InboxTable'), await chat.rows('MessagesTable')];
    await alice.ask({ action: 'new_message', room: 'lobby', text: ' ' });
    await alice.ask({ action: 'new_message', room: 'nowhere', text: 'Hi' });
    await chat.settles();
    expect(phone.frames).toHaveLength(1);
    expect(bob.frames).toHaveLength(1);
    expect([await chat.rows('InboxTable'), await chat.rows('MessagesTable')]).toEqual(before);
    await Promise.all([alice.close(), phone.close(), bob.close()]);
  });

  test('[E8] [M8] [A8] keys a message does not know are not stored, and the sender is the session’s', async () => {
    const alice = await chat.signIn('alice');
    const reply = await alice.ask({
      uuid: 'm8',
      action: 'new_message',
      room: 'lobby',
      text: 'who am I',
      user: { username: 'bob' },
      sender: 'bob',
      seq: 1_000,
      secretKey: 'never stored',
    });
    expect(reply.message).toMatchObject({ user: { username: 'alice' } });
    const stored = JSON.stringify([
      await chat.rows('InboxTable'),
      await chat.rows('MessagesTable'),
    ]);
    expect(stored).not.toContain('never stored');
    expect(stored).not.toContain('secretKey');
    await alice.close();
  });

  test('[M6] a repeated uuid is stored once, broadcast once, and answered to its sender again', async () => {
    const alice = await chat.signIn('alice');
    const bob = await chat.signIn('bob');
    const uuid = alice.say('lobby', 'only once');
    const first = await alice.until((frame) => frame.uuid === uuid);
    await chat.settles();

    const laptop = await chat.signIn('alice');
    const again = await laptop.ask({
      uuid,
      action: 'new_message',
      room: 'lobby',
      text: 'only once',
    });
    await chat.settles();
    expect(again.message).toEqual(first.message);
    expect(bob.heard('lobby').filter((text) => text === 'only once')).toHaveLength(1);
    expect(alice.heard('lobby').filter((text) => text === 'only once')).toHaveLength(1);
    expect((await chat.log('lobby')).filter((row) => row['uuid'] === uuid)).toHaveLength(1);
    await Promise.all([alice.close(), laptop.close(), bob.close()]);
  });

  test('[M6] the same uuid sent ten times at once is stored once', async () => {
    const devices = await Promise.all([1, 2, 3, 4, 5].map(() => chat.signIn('alice')));
    for (const device of devices) {
      device.say('lobby', 'tenfold', 'm6-tenfold');
      device.say('lobby', 'tenfold', 'm6-tenfold');
    }
    await chat.settles();
    expect((await chat.log('lobby')).filter((row) => row['uuid'] === 'm6-tenfold')).toHaveLength(1);
    await Promise.all(devices.map((device) => device.close()));
  });

  test('[M6] two people may use the same uuid', async () => {
    const alice = await chat.signIn('alice');
    const bob = await chat.signIn('bob');
    alice.say('lobby', 'mine', 'm6-shared');
    bob.say('lobby', 'mine too', 'm6-shared');
    await chat.settles();
    expect(
      alice
        .heard('lobby')
        .filter((text) => text.startsWith('mine'))
        .toSorted(),
    ).toEqual(['mine', 'mine too']);
    await Promise.all([alice.close(), bob.close()]);
  });

  test('[M9] with ack, acceptance is told before the broadcast', async () => {
    const alice = await chat.signIn('alice', ['ack', 'unheard-of']);
    const uuid = alice.say('lobby', 'acknowledged');
    await alice.until((frame) => frame.uuid === uuid && frame.status === 'success');
    await chat.settles();
    const replies = alice.frames.filter((frame) => frame.uuid === uuid);
    expect(replies).toContainEqual({
      uuid,
      action: 'new_message',
      status: 'accepted',
      room: 'lobby',
    });
    expect(replies).toHaveLength(2);
    await alice.close();
  });

  test('[M9] [A7] without it, nobody gets more frames than the article has', async () => {
    const alice = await chat.signIn('alice');
    const uuid = alice.say('lobby', 'plain');
    await alice.until((frame) => frame.uuid === uuid);
    await chat.settles();
    expect(alice.frames.filter((frame) => frame.uuid === uuid)).toHaveLength(1);
    await alice.close();
  });

  test('[M10] a burst beyond the limit is refused with the time to wait, and nothing of it is stored', async () => {
    const slow = await startChat({}, { connectionRate: { perSecond: 0.01, burst: 6 } });
    const alice = await slow.signIn('alice');
    for (let index = 0; index < 10; index += 1) alice.say('lobby', `drop ${index}`);
    await slow.settles();
    const refused = alice.frames.filter((frame) => frame.code === 'rate_limited');
    expect(refused).toHaveLength(4);
    for (const frame of refused) {
      expect(frame).toMatchObject({ status: 'error', action: 'new_message', room: 'lobby' });
      expect(frame['retry_after']).toBeGreaterThan(90);
    }
    expect(alice.heard('lobby')).toHaveLength(6);
    expect(await slow.log('lobby')).toHaveLength(6);
  });
});

describe('the log', () => {
  test('[L1] everybody sees the same numbers without a gap, however many speak at once', async () => {
    await chat.directory.addRoom('Choir', ['alice', 'bob', 'carol'], 'choir');
    const people = await Promise.all(['alice', 'bob', 'carol'].map((user) => chat.signIn(user)));
    for (let round = 0; round < 20; round += 1) {
      for (const [index, person] of people.entries()) person.say('choir', `${index}:${round}`);
    }
    await chat.settles();
    const [first = [], ...others] = people.map((person) => person.heard('choir'));
    expect(first).toHaveLength(60);
    for (const other of others) expect(other).toEqual(first);
    expect((await chat.log('choir')).map((row) => Number(row['seq']))).toEqual(
      Array.from({ length: 60 }, (_, index) => index + 1),
    );
    await Promise.all(people.map((person) => person.close()));
  });

  test('[D3] with batch, what comes together comes as one array; without it, each alone', async () => {
    await chat.directory.addRoom('Batch', ['alice', 'bob'], 'batch');
    const plain = await chat.signIn('bob');
    const batched = await chat.signIn('bob', ['batch']);
    const alice = await chat.signIn('alice');
    for (let index = 0; index < 50; index += 1) alice.say('batch', `${index}`);
    await chat.settles();
    expect(batched.heard('batch')).toEqual(plain.heard('batch'));
    expect(plain.texts.filter((text) => text.startsWith('['))).toEqual([]);
    expect(batched.texts.length).toBeLessThan(plain.texts.length);
    for (const text of batched.texts)
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(32 * 1024);
    await Promise.all([plain.close(), batched.close(), alice.close()]);
  });

  test('a closed connection leaves no row behind, but when its user was last seen', async () => {
    const device = await chat.signIn('carol');
    await device.close();
    await chat.settles();
    const rows = (await chat.rows('ConnectionsTable')).filter(({ user }) => user === 'carol');
    expect(rows).toEqual([expect.objectContaining({ pk: 'seen#carol' })]);
  });
});
