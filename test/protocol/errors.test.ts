import { expect, test } from 'vitest';

import { ERROR_MESSAGES } from '../../protocol/errors.ts';

// The seed article's server builds these with Python's `%s` of a list; old clients may compare them.
test.each([
  [
    '[E3] says',
    'invalid_message_format',
    "Some of required keys are absent or empty. Required keys: ['action', 'uuid']",
  ],
  [
    '[E4] says',
    'invalid_payload',
    "Invalid message action. Next actions are allowed: ['authenticate', 'select_room', 'new_message']",
  ],
  ['says', 'invalid_token', 'Invalid authentication token'],
  ['says', 'authentication_required', 'Authentication required before sending any other messages'],
  ['says', 'invalid_room_id', 'Invalid room id'],
  ['says', 'empty_text', "Message text can't be empty"],
] as const)("%s %s in the article's words", (_rule, code, text) => {
  expect(ERROR_MESSAGES[code]).toBe(text);
});

test('says every refusal in one line of its own', () => {
  const texts = Object.values(ERROR_MESSAGES);
  expect(new Set(texts).size).toBe(texts.length);
  for (const text of texts) expect(text).toMatch(/^[^\n]+$/);
});

test('names the limits it refuses by', () => {
  expect(ERROR_MESSAGES.invalid_uuid).toContain(' 128 ');
  expect(ERROR_MESSAGES.text_too_long).toContain(' 4000 ');
});
