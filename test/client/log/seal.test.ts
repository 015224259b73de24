import { describe, expect, test } from 'vitest';

import { verify } from '../../../client/log/seal.ts';
import type { Entry } from '../../../protocol/entry.ts';
import { createRoomLog } from '../support/room-log.ts';

/*
 * Goal: what the server seals the client proves, and nothing else. Method: a log of all kinds of entries,
 * sealed by the server's own code, in which one thing at a time is wrong.
 */

function logOfAllKinds() {
  const log = createRoomLog();
  log.add('bob', { kind: 'join', member: 'bob' });
  log.add('bob', {
    kind: 'message',
    text: 'Überall 👍 "so"',
    mentions: ['alice'],
    meta: { b: [1, null, { z: 1, a: 'x' }], 10: 'ten', 9: 'nine', a: 1.5e21 },
  });
  log.add('alice', { kind: 'message', text: 'Yes', reply_to: 2 });
  log.say('alice', 'Gone');
  log.add('alice', { kind: 'edit', target: 3, text: 'Yes!', mentions: ['bob'] });
  log.add('alice', { kind: 'edit', target: 4, text: 'Going' });
  log.add('bob', { kind: 'delete', target: 4 });
  log.add('bob', { kind: 'reaction', target: 3, emoji: '🎉' });
  log.add('bob', { kind: 'reaction', target: 3, emoji: '🎉', remove: true });
  log.add('bob', { kind: 'pin', target: 3, pinned: true });
  log.add('bob', { kind: 'rename', name: 'Plans' });
  log.add('bob', { kind: 'role', member: 'alice', role: 'owner' });
  log.add('bob', { kind: 'leave', member: 'bob', reason: 'left' });
  return log;
}

const changed = (entries: readonly Entry[], seq: number, change: Partial<Entry>) =>
  entries.map((entry) => (entry.seq === seq ? { ...entry, ...change } : entry));

describe('[L4] the seal', () => {
  test('holds for entries of all kinds, edited and erased ones among them', async () => {
    const entries = logOfAllKinds().page();
    expect(await verify(entries)).toEqual({ ok: true, from: 1, to: 13 });
    expect(await verify(entries.slice(5))).toEqual({ ok: true, from: 6, to: 13 });
    expect(await verify([])).toEqual({ ok: true, from: 0, to: 0 });
  });

  test('holds for entries as they were told when they were new', async () => {
    const log = logOfAllKinds();
    const told = log.page().map(({ seq }) => log.told(seq));
    expect(await verify(told)).toEqual({ ok: true, from: 1, to: 13 });
  });

  test.each<[string, number, Partial<Entry>, 'hash' | 'chain']>([
    ['words', 2, { text: 'Nowhere' }, 'hash'],
    ['mentions', 2, { mentions: ['carol'] }, 'hash'],
    ['meta', 2, { meta: {} }, 'hash'],
    ['words of an edited message', 3, { text: 'No!' }, 'hash'],
    ['words of an edit', 5, { text: 'No!' }, 'hash'],
    ['an emoji', 8, { emoji: '💔' }, 'hash'],
    ['a member', 12, { member: 'eve' }, 'hash'],
    ['a nonce that is not there', 2, { nonce: undefined as never }, 'hash'],
    ['its author', 2, { user: { username: 'eve' } }, 'chain'],
    ['its time', 2, { timestamp: 1 }, 'chain'],
    ['its room', 2, { room: 'other' }, 'chain'],
    ['its uuid', 2, { uuid: 'other' }, 'chain'],
    ['its place among the messages', 2, { n: 7 }, 'chain'],
    ['its hash', 2, { hash: 'other' }, 'chain'],
    ['its chain', 2, { chain: 'other' }, 'chain'],
  ])('breaks with %s', async (_, seq, change, reason) => {
    const result = await verify(changed(logOfAllKinds().page(), seq, change));
    expect(result).toMatchObject({ ok: false, reason });
  });

  test('names what is missing', async () => {
    const entries = logOfAllKinds().page();
    const missing = entries.filter(({ seq }) => seq !== 7);
    expect(await verify(missing)).toEqual({ ok: false, seq: 7, reason: 'missing' });
  });
});
