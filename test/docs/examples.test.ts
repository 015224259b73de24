import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { FEATURES } from '../../protocol/features.ts';
import { ERROR_MESSAGES } from '../../protocol/errors.ts';
import type { Entry } from '../../protocol/replies.ts';
import { startChat, type TestChat } from '../support/chat.ts';

/** The examples of the documents, sent as they stand and in their order; only tokens are real. */
const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

/** A part of docs/protocol.md, by its heading. */
const section = (heading: string) =>
  read('docs/protocol.md').split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';

type Json = Readonly<Record<string, unknown>>;

/** Frames of the ```json blocks, in order. */
const examples = (document: string) =>
  [...document.matchAll(/```json\n([\s\S]*?)```/g)]
    .flatMap(([, block = '']) => block.split(/\n(?=\{)/).map((text) => JSON.parse(text) as Json))
    .filter((example) => 'action' in example);

/** What every run has anew. */
const CHANCE = new Set(['timestamp', 'nonce', 'hash', 'chain', 'last_seen', 'order']);

/**
 * A frame with all its fields, chance left out. Of a list one element is enough to show what the
 * others are like, so the first is taken.
 */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shape);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, CHANCE.has(key) ? key : shape(inner)]),
  );
}

/** A chat of its own, whose lobby holds so many messages of Bob's, their uuids being their numbers. */
async function lobbyOf(messages: number): Promise<TestChat> {
  const chat = await startChat();
  for (let index = 1; index <= messages; index += 1) {
    await chat.put('InboxTable', {
      room: { S: 'lobby' },
      entry: { S: `bob#${index}` },
      user: { S: 'bob' },
      uuid: { S: String(index) },
      content: { S: JSON.stringify({ kind: 'message', text: 'Hi' }) },
      acceptedAt: { N: String(Date.now()) },
    });
  }
  await chat.settles();
  return chat;
}

// Both tell a story; that of the protocol begins in a room where something was said before.
test.each([
  ['README.md', 0],
  ['docs/protocol.md', 57],
])('the frames of %s are answered as it shows', async (file, said) => {
  const shown = examples(read(file));
  const requests = shown.filter((example) => !('status' in example));
  const replies = shown.filter((example) => 'status' in example);
  expect(requests.length).toBeGreaterThan(2);
  expect(replies.length).toBeGreaterThan(0);
  const chat = await lobbyOf(said);
  const alice = await chat.connect();
  // Somebody else looks on, and is gone in the end.
  const bob = await chat.signIn('bob', FEATURES);
  await bob.select('lobby');
  for (const request of requests) {
    await alice.ask('token' in request ? { ...request, token: chat.tokens['alice'] } : request);
    await chat.settles();
  }
  await alice.select('lobby');
  await bob.close();
  await chat.settles();
  for (const reply of replies) {
    const real = [...alice.frames, ...bob.frames]
      .filter(({ uuid, action, status }) => {
        const { uuid: shownUuid, action: shownAction, status: shownStatus } = reply;
        return uuid === shownUuid && action === shownAction && status === shownStatus;
      })
      .map(shape);
    expect(real).toContainEqual(shape(reply));
  }
});

test('the table of errors in docs/protocol.md is the one in the code', () => {
  const table = Object.fromEntries(
    [...section('Errors').matchAll(/^\| `(\w+)` \| (.+) \|$/gm)].map(([, code, text]) => [
      code,
      text,
    ]),
  );
  expect(table).toEqual(ERROR_MESSAGES);
});

/** The seal as docs/protocol.md describes it, by somebody who has read nothing else. */
describe('the seal', () => {
  const digest = (one: string, other: string) =>
    createHash('sha256')
      .update(JSON.stringify([one, other]))
      .digest('base64url');

  /** The fields that the document's table names for each kind. */
  const contentFields = new Map(
    [...section('The log and its delivery').matchAll(/^\| `(\w+)` \| (`.+`) \|$/gm)].map(
      ([, kind = '', names = '']) => [kind, names.replaceAll('`', '').split(', ')],
    ),
  );

  test('[L4] is computed from nothing but the entries of history, as the document says', async () => {
    const chat = await lobbyOf(2);
    const alice = await chat.signIn('alice');
    const act = async (frame: Json) => {
      await alice.ask({ room: 'lobby', ...frame });
      await chat.settles();
    };
    const meta = { z: [{ b: 1, a: 2 }], 10: 1, 9: 2, a: 'ü "quoted" 𝕏' };
    await act({ action: 'new_message', text: 'All of it', reply_to: 1, mentions: ['bob'], meta });
    await act({ action: 'new_message', text: 'To be changed' });
    await act({ action: 'edit_message', target: 4, text: 'Changed', mentions: ['bob'] });
    await act({ action: 'react', target: 3, emoji: '👍' });
    await act({ action: 'react', target: 3, emoji: '👍', remove: true });
    await act({ action: 'pin', target: 3 });
    await act({ action: 'new_message', text: 'To be erased' });
    await act({ action: 'delete_message', target: 9 });
    const history = await alice.ask({ action: 'history', room: 'lobby', after: 0 });
    const entries = history['entries'] as readonly Entry[];
    expect(entries).toHaveLength(10);

    let chain = '';
    for (const entry of entries) {
      const { room, seq, n, kind, user, uuid, timestamp, hash, nonce } = entry;
      const milliseconds = Math.round(timestamp * 1_000);
      const sealed = [room, seq, n, kind, user.username, uuid, milliseconds, hash];
      chain = digest(chain, JSON.stringify(sealed));
      expect(entry.chain).toBe(chain);
      if (nonce === undefined) expect(entry.deleted).toBe(10);
      else if (entry.edited === undefined) {
        const said = [['kind', kind], ...namedFields(entry, contentFields.get(kind) ?? [])];
        expect(digest(nonce, sortedJson(Object.fromEntries(said)))).toBe(hash);
      }
    }
  });

  const namedFields = (entry: Entry, names: readonly string[]) =>
    Object.entries(entry).filter(([name]) => names.includes(name));

  /** JSON with the keys of every object in order. */
  function sortedJson(value: unknown): string {
    if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`;
    if (typeof value !== 'object' || value === null) return JSON.stringify(value);
    const fields = Object.entries(value)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, inner]) => `${JSON.stringify(key)}:${sortedJson(inner)}`);
    return `{${fields.join(',')}}`;
  }
});

test('every rule of docs/protocol.md is shown by a test, and every rule a test names is there', async () => {
  const rules = [...read('docs/protocol.md').matchAll(/^\| ([A-Z]\d+) \|/gm)].map(([, id]) => id);
  const { globSync } = await import('node:fs');
  const titles = globSync('test/{protocol,lambdas,stories,bin,docs}/**/*.test.ts')
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  const shown = new Set([...titles.matchAll(/\[([A-Z]\d{1,2})\]/g)].map(([, id]) => id));
  expect(shown).toEqual(new Set(rules));
});
