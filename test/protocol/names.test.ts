import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  ROOM_NAME_MAX_LENGTH,
  toRoomName,
  toUsername,
  USERNAME_MAX_LENGTH,
} from '../../protocol/names.ts';

const unseen: readonly (readonly [what: string, character: string])[] = [
  ['a right-to-left override', '\u202e'],
  ['a left-to-right mark', '\u200e'],
  ['an isolate', '\u2066'],
  ['a zero width space', '\u200b'],
  ['a zero width joiner', '\u200d'],
  ['a word joiner', '\u2060'],
  ['a byte order mark', '\ufeff'],
  ['a soft hyphen', '\u00ad'],
  ['a null', '\0'],
  ['a line feed', '\n'],
  ['a delete', '\u007f'],
  ['half of an emoji', '\ud83d'],
  ['a private use character', '\ue000'],
];

/** Mostly what can be in a name, so that the property is about names, and sometimes anything. */
const anyCharacter = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('a', 'Z', '7', 'é', 'e\u0301', '.', '-', '_') },
  { weight: 1, arbitrary: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) },
);

describe('a username', () => {
  test.each([
    ['nothing', ''],
    ['a space alone', ' '],
    ['a space inside', 'ann lee'],
    ['a space around', ' ann'],
    ['a separator of keys', 'ann#1'],
    ['a dot first', '.ann'],
    ['a dash first', '-ann'],
    ['an accent first', '\u0301ann'],
    ['an emoji', 'ann😀'],
    ['a slash', 'ann/lee'],
    ['an at sign', 'ann@example.com'],
    ['65 characters', 'a'.repeat(USERNAME_MAX_LENGTH + 1)],
    ...unseen.map(([what, character]) => [what, `an${character}n`]),
  ])('cannot have %s', (_what, name) => {
    expect(toUsername(name)).toBeUndefined();
  });

  test.each(['a', 'Ann', 'ann.lee', 'ann_lee-2', '1ann', 'Søren', 'Παύλος', '安', 'अनिल'])(
    'can be %s',
    (name) => {
      expect(toUsername(name)).toBe(name);
    },
  );

  test('has 64 characters at most, counted in its one spelling', () => {
    expect(toUsername('a'.repeat(USERNAME_MAX_LENGTH))).toHaveLength(64);
    expect(toUsername('e\u0301'.repeat(USERNAME_MAX_LENGTH))).toBe('é'.repeat(64));
  });

  test.each(['\u3164', '\u115f', 'ann\ufe0f', 'ann\u034f'])(
    'shows all of itself, unlike %j',
    (name) => {
      expect(toUsername(name)).toBeUndefined();
    },
  );

  test('is the same however its accents were typed', () => {
    expect(toUsername('Rene\u0301')).toBe(toUsername('Ren\u00e9'));
  });

  test('never holds a separator, a space or anything unseen, whatever was typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (typed) => {
        const name = toUsername(typed);
        return name === undefined || (!/[#\s\p{C}]/u.test(name) && toUsername(name) === name);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("a room's name", () => {
  test.each([
    ['nothing', ''],
    ['blanks alone', ' \t\u3000'],
    ['101 characters', 'a'.repeat(ROOM_NAME_MAX_LENGTH + 1)],
    ['a Hangul filler alone', '\u3164'],
    ['a line separator', 'a\u2028b'],
    ...unseen
      .filter(([what]) => what !== 'a byte order mark')
      .map(([what, character]) => [what, `a${character}b`]),
  ])('cannot have %s', (_what, name) => {
    expect(toRoomName(name)).toBeUndefined();
  });

  test.each([
    'General',
    'Tea & biscuits',
    '#random',
    'Кухня',
    '🎉 party',
    '👨‍👩‍👧 family',
    'we ❤️ tea',
    '👍🏽‍ok'.replace('\u200d', ''),
  ])('can be %s', (name) => {
    expect(toRoomName(name)).toBe(name);
  });

  test('has no blanks around it, and 100 characters at most', () => {
    expect(toRoomName('  Tea  ')).toBe('Tea');
    expect(toRoomName(` ${'a'.repeat(ROOM_NAME_MAX_LENGTH)} `)).toHaveLength(100);
  });

  test('is the same however its accents were typed', () => {
    expect(toRoomName('Cafe\u0301')).toBe('Caf\u00e9');
  });
});
