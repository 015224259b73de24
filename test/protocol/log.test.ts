import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { hashContent, linkChain } from '../../lambdas/core/seal.ts';
import type { Content } from '../../protocol/content.ts';
import type { Entry, SyncedRoom } from '../../protocol/replies.ts';
import { openChat, type TestChat } from '../support/chat.ts';
import type { Device, Frame } from '../support/device.ts';

/** The rules of the log, seen from plain sockets. Every test has a room of its own. */
let chat: TestChat;
beforeAll(async () => {
  chat = await openChat();
});
afterAll(() => chat.close());

let rooms = 0;
/** A new room with everybody in it, and a device for each. */
async function room(): Promise<{ id: string; alice: Device; bob: Device; carol: Device }> {
  rooms += 1;
  const id = await chat.directory.addRoom(`Room ${rooms}`, ['alice', 'bob', 'carol']);
  const [alice, bob, carol] = await Promise.all(
    ['alice', 'bob', 'carol'].map((user) => chat.signIn(user)),
  );
  if (!alice || !bob || !carol) throw new Error('nobody there');
  return { id, alice, bob, carol };
}

/** Sends a durable action, and waits for its success on this device. */
async function act(device: Device, frame: object): Promise<Frame> {
  return device.ask(frame);
}

const say = async (device: Device, id: string, text: string, more: object = {}) =>
  (await act(device, { action: 'new_message', room: id, text, ...more })).message?.seq ?? 0;

const entriesOf = (frame: Frame) => (frame['entries'] ?? []) as readonly Entry[];
const historyOf = async (device: Device, id: string, place: object = {}) =>
  device.ask({ action: 'history', room: id, ...place });
const messageAt = async (device: Device, id: string, seq: number) =>
  entriesOf(await historyOf(device, id)).find((entry) => entry.seq === seq);

describe('edit_message', () => {
  test('[X1] the author replaces the text; members are told, and history shows it', async () => {
    const { id, alice, bob } = await room();
    const seq = await say(alice, id, 'teh tea');
    await act(alice, { action: 'edit_message', room: id, target: seq, text: 'the tea' });
    const seen = await bob.until((frame) => frame.action === 'edit_message');
    expect(seen).toMatchObject({
      status: 'success',
      head: 2,
      entry: {
        seq: 2,
        n: 1,
        kind: 'edit',
        target: seq,
        text: 'the tea',
        user: { username: 'alice' },
      },
    });
    expect(await messageAt(bob, id, seq)).toMatchObject({ text: 'the tea', edited: 2 });
    expect((await bob.select(id)).room_messages).toMatchObject([
      { seq, text: 'the tea', edited: 2 },
    ]);
  });

  test('[X1] nobody else may, unless a moderator', async () => {
    const { id, alice, bob } = await room();
    const seq = await say(alice, id, 'mine');
    const refused = await act(bob, { action: 'edit_message', room: id, target: seq, text: 'no' });
    expect(refused).toMatchObject({ status: 'error', code: 'forbidden', room: id });
    await chat.put('RoomsTable', {
      room: { S: id },
      entry: { S: 'member#bob' },
      user: { S: 'bob' },
      role: { S: 'moderator' },
    });
    expect(
      await act(bob, { action: 'edit_message', room: id, target: seq, text: 'yes' }),
    ).toMatchObject({
      status: 'success',
    });
  });
});

describe('delete_message', () => {
  test('[X2] a tombstone stays in its place, and the text is gone from every table', async () => {
    const { id, alice, bob } = await room();
    const seq = await say(alice, id, 'regretted words');
    await act(alice, { action: 'edit_message', room: id, target: seq, text: 'regretted again' });
    await act(alice, { action: 'delete_message', room: id, target: seq });
    expect(await bob.until((frame) => frame.action === 'delete_message')).toMatchObject({
      entry: { seq: 3, kind: 'delete', target: seq },
    });
    await chat.settles();
    const tombstone = await messageAt(bob, id, seq);
    expect(tombstone).toMatchObject({ seq, kind: 'message', text: '', deleted: 3 });
    expect(tombstone).not.toHaveProperty('nonce');
    const stored = JSON.stringify([
      await chat.rows('InboxTable'),
      await chat.rows('MessagesTable'),
    ]);
    expect(stored).not.toContain('regretted');
    // The erasure of the Inbox is a write to a stream as well, and must not become an entry.
    expect((await chat.log(id)).map((row) => Number(row['seq']))).toEqual([1, 2, 3]);
  });

  test('[X2] what was deleted can be neither edited, nor reacted to, nor deleted again', async () => {
    const { id, alice } = await room();
    const seq = await say(alice, id, 'short-lived');
    await act(alice, { action: 'delete_message', room: id, target: seq });
    for (const frame of [
      { action: 'edit_message', text: 'back' },
      { action: 'react', emoji: '👍' },
      { action: 'pin' },
      { action: 'delete_message' },
    ]) {
      expect(await act(alice, { ...frame, room: id, target: seq })).toMatchObject({
        code: 'invalid_target',
      });
    }
  });
});

describe('react and pin', () => {
  test('[X3] reactions count once for each person, and can be taken away', async () => {
    const { id, alice, bob } = await room();
    const seq = await say(alice, id, 'cake?');
    const target = { room: id, target: seq };
    await act(alice, { action: 'react', ...target, emoji: '🎂' });
    await act(bob, { action: 'react', ...target, emoji: '🎂' });
    await act(bob, { action: 'react', ...target, emoji: '🎂' });
    expect(await messageAt(bob, id, seq)).toMatchObject({ reactions: { '🎂': ['alice', 'bob'] } });
    await act(alice, { action: 'react', ...target, emoji: '🎂', remove: true });
    expect(await messageAt(bob, id, seq)).toMatchObject({ reactions: { '🎂': ['bob'] } });
    expect(await messageAt(bob, id, 2)).toMatchObject({ kind: 'reaction', emoji: '🎂', n: 1 });
  });

  test('[X4] a pin is for everybody, until it is taken away', async () => {
    const { id, alice, bob } = await room();
    const seq = await say(alice, id, 'the plan');
    await act(bob, { action: 'pin', room: id, target: seq });
    expect(await messageAt(alice, id, seq)).toMatchObject({ pinned: true });
    await act(alice, { action: 'pin', room: id, target: seq, pinned: false });
    expect(await messageAt(alice, id, seq)).not.toHaveProperty('pinned');
  });
});

describe('bad input', () => {
  test.each([
    ['edit_message', { text: 'x' }, 'invalid_target'],
    ['edit_message', { target: 1, text: ' ' }, 'empty_text'],
    ['edit_message', { target: 1, text: 'x'.repeat(4_001) }, 'text_too_long'],
    ['edit_message', { target: '1', text: 'x' }, 'invalid_target'],
    ['delete_message', { target: 0 }, 'invalid_target'],
    ['delete_message', { target: 1e9 }, 'invalid_target'],
    ['delete_message', { target: 1.5 }, 'invalid_target'],
    ['react', { target: 99, emoji: '👍' }, 'invalid_target'],
    ['react', { target: 1, emoji: 'like' }, 'invalid_emoji'],
    ['react', { target: 1, emoji: '' }, 'invalid_emoji'],
    ['react', { target: 1, emoji: '<b>👍' }, 'invalid_emoji'],
    ['react', { target: 1, emoji: '👍'.repeat(40) }, 'invalid_emoji'],
    ['pin', { target: -1 }, 'invalid_target'],
    ['new_message', { text: 'x', reply_to: 99 }, 'invalid_reply_to'],
    ['new_message', { text: 'x', reply_to: 'one' }, 'invalid_reply_to'],
    ['new_message', { text: 'x', mentions: ['a b'] }, 'invalid_mentions'],
    ['new_message', { text: 'x', mentions: 'bob' }, 'invalid_mentions'],
    ['new_message', { text: 'x', mentions: Array(21).fill('bob') }, 'invalid_mentions'],
    ['new_message', { text: 'x', meta: 'x'.repeat(3_000) }, 'invalid_meta'],
    ['new_message', { text: 'x', if_head: -1 }, 'invalid_if_head'],
    ['history', { limit: 1e9 }, 'invalid_page'],
    ['history', { limit: 0 }, 'invalid_page'],
    ['history', { before: 5, after: 1 }, 'invalid_page'],
    ['history', { around: 'me' }, 'invalid_page'],
  ])('%s %j is answered with %s, and nothing is stored', async (action, fields, code) => {
    const { id, alice } = await room();
    await say(alice, id, 'the first');
    expect(await alice.ask({ action, room: id, ...fields })).toMatchObject({
      action,
      status: 'error',
      code,
      room: id,
    });
    await chat.settles();
    expect(await chat.log(id)).toHaveLength(1);
  });

  test.each(['edit_message', 'delete_message', 'react', 'pin', 'history'])(
    '[R2] %s in a foreign room is answered as in one that does not exist',
    async (action) => {
      const carol = await chat.signIn('carol');
      for (const foreign of ['lobby', 'nowhere']) {
        expect(
          await carol.ask({ action, room: foreign, target: 1, text: 'x', emoji: '👍' }),
        ).toMatchObject({
          code: 'invalid_room_id',
          error_message: 'Invalid room id',
        });
      }
    },
  );

  test.each([
    ['none', {}],
    [
      'too many',
      Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`r${index}`, 0])),
    ],
    ['a list', ['lobby']],
    ['a number that is none', { lobby: 'all' }],
    ['a negative number', { lobby: -1 }],
  ])('sync of rooms that are %s is refused', async (_title, asked) => {
    const alice = await chat.signIn('alice');
    const frame = JSON.stringify({ uuid: 's', action: 'sync', rooms: asked });
    if (frame.length > 32_000) return;
    expect(await alice.ask({ action: 'sync', rooms: asked })).toMatchObject({
      code: 'invalid_rooms',
    });
  });
});

describe('new_message', () => {
  test('[M12] replies, mentions and meta come with the message', async () => {
    const { id, alice, bob } = await room();
    const first = await say(alice, id, 'who is in?');
    await say(bob, id, '@alice me', {
      reply_to: first,
      mentions: ['alice'],
      meta: { color: 'red', deep: [1] },
    });
    expect(await alice.until((frame) => frame.message?.text === '@alice me')).toMatchObject({
      message: { reply_to: first, mentions: ['alice'], meta: { color: 'red', deep: [1] } },
    });
  });

  test('[M11] if_head: of two answers to the same head one gets its number, the other is told of the new head', async () => {
    const { id, alice, bob, carol } = await room();
    await say(alice, id, 'a question');
    const answers = await Promise.all(
      [bob, carol].map((device) =>
        device.ask({ action: 'new_message', room: id, text: 'the answer', if_head: 1 }),
      ),
    );
    await chat.settles();
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set(['error', 'success']));
    const refused = answers.find(({ status }) => status === 'error');
    expect(refused).toMatchObject({ action: 'new_message', room: id, code: 'head_moved', head: 2 });
    expect(await chat.log(id)).toHaveLength(2);
    // Its repeat has the same outcome.
    const loser = answers[0] === refused ? bob : carol;
    expect(
      await loser.ask({
        uuid: refused?.uuid,
        action: 'new_message',
        room: id,
        text: 'the answer',
        if_head: 1,
      }),
    ).toMatchObject({ code: 'head_moved', head: 2 });
  });
});

describe('history', () => {
  test('[H1] gives parts before, after and around a number, and says when there is more', async () => {
    const { id, alice } = await room();
    for (let index = 1; index <= 12; index += 1) await say(alice, id, `${index}`);
    const seqs = async (place: object) => {
      const reply = await historyOf(alice, id, place);
      return [entriesOf(reply).map(({ seq }) => seq), reply['more'] ?? false, reply.head];
    };
    expect(await seqs({ limit: 3 })).toEqual([[10, 11, 12], true, 12]);
    expect(await seqs({ before: 4 })).toEqual([[1, 2, 3], false, 12]);
    expect(await seqs({ before: 10, limit: 2 })).toEqual([[8, 9], true, 12]);
    expect(await seqs({ after: 10 })).toEqual([[11, 12], false, 12]);
    expect(await seqs({ after: 0, limit: 2 })).toEqual([[1, 2], true, 12]);
    expect(await seqs({ around: 6, limit: 4 })).toEqual([[4, 5, 6, 7], true, 12]);
    expect(await seqs({ after: 12 })).toEqual([[], false, 12]);
  });

  test('[R4] a page too long for one reply is shorter, contiguous, and says so', async () => {
    const { id, alice } = await room();
    for (let index = 0; index < 10; index += 1) await say(alice, id, '𝕏'.repeat(4_000));
    const newest = await historyOf(alice, id);
    expect(newest).toMatchObject({ more: true, head: 10 });
    const seqs = entriesOf(newest).map(({ seq }) => seq);
    expect(seqs.at(-1)).toBe(10);
    expect(seqs).toEqual(
      Array.from({ length: seqs.length }, (_, index) => 11 - seqs.length + index),
    );
    const before = await historyOf(alice, id, { before: seqs[0] });
    expect(entriesOf(before).at(-1)?.seq).toBe((seqs[0] ?? 0) - 1);
  });
});

describe('sync', () => {
  test('[S1] brings what many rooms lack, with every head, and nothing of foreign ones', async () => {
    const one = await room();
    const two = await room();
    await say(one.alice, one.id, 'a');
    await say(one.alice, one.id, 'b');
    await say(two.alice, two.id, 'c');
    const reply = await one.bob.ask({
      action: 'sync',
      rooms: { [one.id]: 1, [two.id]: 0, nowhere: 0 },
    });
    expect(reply).toMatchObject({ status: 'success' });
    const synced = reply['rooms'] as Record<string, SyncedRoom>;
    expect(synced[one.id]).toMatchObject({ head: 2, entries: [{ seq: 2, text: 'b' }] });
    expect(synced[two.id]).toMatchObject({ head: 1, entries: [{ seq: 1, text: 'c' }] });
    expect(synced['nowhere']).toEqual({
      code: 'invalid_room_id',
      error_message: 'Invalid room id',
    });
    expect(synced[one.id]).not.toHaveProperty('more');
  });

  test('[S2] pages until it has all, without a hole and without a horizon', async () => {
    const { id, alice, bob } = await room();
    for (let index = 0; index < 15; index += 1) await say(alice, id, '𝕏'.repeat(4_000));
    const seen: number[] = [];
    for (let more = true; more;) {
      const reply = await bob.ask({ action: 'sync', rooms: { [id]: seen.at(-1) ?? 0 } });
      const synced = (reply['rooms'] as Record<string, { entries: Entry[]; more?: true }>)[id];
      seen.push(...(synced?.entries ?? []).map(({ seq }) => seq));
      more = synced?.more ?? false;
    }
    expect(seen).toEqual(Array.from({ length: 15 }, (_, index) => index + 1));
  });
});

test('[L4] a client can prove that its copy is complete and unaltered, also after a text was erased', async () => {
  const { id, alice, bob } = await room();
  const first = await say(alice, id, 'one', { meta: { z: 1, a: [2] } });
  await say(bob, id, 'two', { mentions: ['alice'] });
  await act(bob, { action: 'react', room: id, target: first, emoji: '👍' });
  const third = await say(alice, id, 'three');
  await act(alice, { action: 'delete_message', room: id, target: third });
  await chat.settles();
  const entries = entriesOf(await historyOf(bob, id, { after: 0 }));
  expect(entries).toHaveLength(5);
  const chainOf = (copy: readonly Entry[]) =>
    copy.reduce(
      (before, { seq, n, kind, user, uuid, timestamp, hash }) =>
        linkChain(before, {
          room: id,
          seq,
          n,
          kind,
          user: user.username,
          uuid,
          timestamp: Math.round(timestamp * 1_000),
          hash,
        }),
      '',
    );
  expect(chainOf(entries)).toBe(entries.at(-1)?.chain);
  expect(chainOf(entries.filter(({ seq }) => seq !== 2))).not.toBe(entries.at(-1)?.chain);
  // What is still said hashes to what the chain covers.
  const [one] = entries;
  const said = { kind: 'message', text: one?.text, meta: one?.meta } as Content;
  expect(hashContent(said, one?.nonce ?? '')).toBe(one?.hash);
});
