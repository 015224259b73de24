import { expect, test } from 'vitest';

import { ERROR_MESSAGES } from '../../protocol/errors.ts';
import { de } from '../../web/src/language/de.ts';
import { en } from '../../web/src/language/en.ts';

/** Words that are the same in both languages. */
const SHARED = new Set(['Name', 'Moderator', 'Online', 'Offline']);

/** All plain texts of a language, by where they are. */
const textsOf = (words: object, path = ''): readonly (readonly [string, string])[] =>
  Object.entries(words).flatMap(([key, value]: [string, unknown]) => {
    if (typeof value === 'string') return [[`${path}${key}`, value] as const];
    return typeof value === 'object' && value !== null ? textsOf(value, `${path}${key}.`) : [];
  });

test('has a text for every error of the protocol, in both languages', () => {
  for (const code of Object.keys(ERROR_MESSAGES)) {
    expect(en.errors).toHaveProperty(code);
    expect(de.errors).toHaveProperty(code);
  }
});

test('leaves no text untranslated, and none empty', () => {
  const german = new Map(textsOf(de));
  const same = textsOf(en).filter(
    ([path, text]) => text === '' || (german.get(path) === text && !SHARED.has(text)),
  );
  expect(same).toStrictEqual([]);
});

test('counts as each language does', () => {
  expect(en.rooms.unread(1)).toBe('1 unread message');
  expect(en.rooms.unread(1_234)).toBe('1,234 unread messages');
  expect(de.rooms.unread(1)).toBe('1 ungelesene Nachricht');
  expect(de.rooms.unread(1_234)).toBe('1.234 ungelesene Nachrichten');
});
