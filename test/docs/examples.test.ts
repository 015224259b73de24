import { readFileSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { ERROR_MESSAGES } from '../../protocol/errors.ts';
import { openChat, type TestChat } from '../support/chat.ts';

/** The examples of the documents, sent as they stand; only tokens are real, and times are today's. */
const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

type Json = Readonly<Record<string, unknown>>;

/** JSON objects of the ```json blocks, in order. */
const examples = (document: string) =>
  [...document.matchAll(/```json\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
    block.split(/\n(?=\{)/).map((text) => JSON.parse(text) as Json),
  );

/** Names of all fields, the nested ones with their path. */
const fields = (value: unknown, path = ''): string[] =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([key, inner]) => [
        `${path}${key}`,
        ...fields(inner, `${path}${key}.`),
      ])
    : [];

let chat: TestChat;
beforeAll(async () => {
  chat = await openChat();
});
afterAll(() => chat.close());

describe.each(['README.md', 'docs/protocol.md'])('%s', (file) => {
  test('its frames are answered with the fields it shows', async () => {
    const shown = examples(read(file));
    const requests = shown.filter((example) => !('status' in example));
    const replies = shown.filter((example) => 'status' in example);
    expect(requests.length).toBeGreaterThan(2);
    expect(replies.length).toBeGreaterThan(0);
    const alice = await chat.connect();
    for (const request of requests.toSorted((a, b) => order(a) - order(b))) {
      const token = 'token' in request ? { token: chat.tokens['alice'] } : {};
      await alice.ask({ ...request, ...token, uuid: `${file} ${String(request['uuid'])}` });
    }
    await chat.settles();
    for (const reply of replies) {
      const real = alice.frames.find(
        ({ uuid, status }) =>
          uuid === `${file} ${String(reply['uuid'])}` && status === reply['status'],
      );
      // `more` is there only in a room with more messages than this one.
      expect(fields(real).toSorted()).toEqual(
        fields(reply)
          .filter((field) => field !== 'more')
          .toSorted(),
      );
    }
    await alice.close();
  });
});

const order = ({ action }: Json) =>
  ['authenticate', 'select_room', 'new_message'].indexOf(String(action));

test('the table of errors in docs/protocol.md is the one in the code', () => {
  const table = Object.fromEntries(
    [...read('docs/protocol.md').matchAll(/^\| `(\w+)` \| (.+) \|$/gm)].map(([, code, text]) => [
      code,
      text,
    ]),
  );
  expect(table).toEqual(ERROR_MESSAGES);
});

test('every rule of docs/protocol.md is shown by a test, and every rule a test names is there', async () => {
  const rules = [...read('docs/protocol.md').matchAll(/^\| ([A-Z]\d+) \|/gm)].map(([, id]) => id);
  const { globSync } = await import('node:fs');
  const titles = globSync('test/{protocol,lambdas,stories}/**/*.test.ts')
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  const shown = new Set([...titles.matchAll(/\[([A-Z]\d{1,2})\]/g)].map(([, id]) => id));
  expect(shown).toEqual(new Set(rules));
});
