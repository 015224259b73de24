import { expect, test } from 'vitest';

import { ACTIONS } from '../../protocol/actions.ts';
import { ERROR_MESSAGES } from '../../protocol/errors.ts';

// The seed article's server builds these with Python's `%s` of a list; old clients may compare them.
test.each([
  [
    '[E3] says',
    'invalid_message_format',
    "Some of required keys are absent or empty. Required keys: ['action', 'uuid']",
  ],
  ['says', 'invalid_token', 'Invalid authentication token'],
  ['says', 'authentication_required', 'Authentication required before sending any other messages'],
  ['says', 'invalid_room_id', 'Invalid room id'],
  ['says', 'empty_text', "Message text can't be empty"],
] as const)("%s %s in the article's words", (_rule, code, text) => {
  expect(ERROR_MESSAGES[code]).toBe(text);
});

test('[E4] says invalid_payload in its words, too, and names every action, its own three first', () => {
  const begin = 'Invalid message action. Next actions are allowed: ';
  const { invalid_payload: text } = ERROR_MESSAGES;
  expect(text).toMatch(/: \['authenticate', 'select_room', 'new_message', ('\w+', )*'\w+'\]$/);
  expect(text.startsWith(begin)).toBe(true);
  const named: unknown = JSON.parse(text.slice(begin.length).replaceAll("'", '"'));
  expect(named).toEqual(ACTIONS);
});

test('says every refusal in one line of its own', () => {
  const texts = Object.values(ERROR_MESSAGES);
  expect(new Set(texts).size).toBe(texts.length);
  for (const text of texts) expect(text).toMatch(/^[^\n]+$/);
});

test('names the limits it refuses by', () => {
  expect(ERROR_MESSAGES.invalid_uuid).toContain(' 128 ');
  expect(ERROR_MESSAGES.text_too_long).toContain(' 4000 ');
  expect(ERROR_MESSAGES.invalid_mentions).toContain(' 20 ');
  expect(ERROR_MESSAGES.invalid_meta).toContain(' 2048 ');
  expect(ERROR_MESSAGES.invalid_emoji).toContain(' 32 ');
  expect(ERROR_MESSAGES.too_many_reactions).toContain(' 200 ');
  expect(ERROR_MESSAGES.too_many_edits).toContain(' 50 ');
  expect(ERROR_MESSAGES.invalid_page).toContain(' 100');
  expect(ERROR_MESSAGES.invalid_rooms).toContain(' 100 ');
});
