import { describe, expect, test } from 'vitest';
import { array, assert, constantFrom, oneof, property, string } from 'fast-check';

import { mentionsIn, textParts } from '../../web/src/message/text-parts.ts';

const parts = (text: string, mentions: readonly string[] = []) =>
  textParts(text, mentions)
    .filter(({ kind }) => kind !== 'text')
    .map((part) => (part.kind === 'link' ? part.href : part.text));

describe('links', () => {
  test.for([
    ['see https://example.com/a?b=c#d there', 'https://example.com/a?b=c#d'],
    ['https://example.com.', 'https://example.com/'],
    ['(https://example.com/a)', 'https://example.com/a'],
    ['https://example.com/a_(b)', 'https://example.com/a_(b)'],
    ['(see https://example.com/a_(b)).', 'https://example.com/a_(b)'],
    ['HTTP://EXAMPLE.COM/x', 'http://example.com/x'],
    ['“https://example.com/ü”', 'https://example.com/%C3%BC%E2%80%9D'],
    ['https://example.com/"onclick="x', 'https://example.com/'],
  ])('finds the one in %j', ([text = '', href]) => {
    expect(parts(text)).toStrictEqual([href]);
  });

  test.for(['javascript:alert(1)', 'ftp://example.com', 'https://', 'http://[', 'example.com', ''])(
    'finds none in %j',
    (text) => {
      expect(parts(text)).toStrictEqual([]);
    },
  );
});

describe('mentions', () => {
  test.for([
    ['@bob', '@bob'],
    ['Lunch, @bob?', '@bob'],
    ['@bob.', '@bob'],
    ['(@bob)', '@bob'],
    ['@bob.smith.', '@bob.smith'],
  ])('finds the one in %j', ([text = '', found]) => {
    expect(parts(text, ['bob', 'bob.smith'])).toStrictEqual([found]);
  });

  test.for(['bob@bob.org', '@bobby', '@alice', '@@bob', 'https://example.com/@bob'])(
    'finds none in %j',
    (text) => {
      expect(parts(text, ['bob']).filter((part) => part.startsWith('@'))).toStrictEqual([]);
    },
  );

  test('names each person once, those in the room only when all of them are known', () => {
    const text = '@bob, @bob. and @eve';
    expect(mentionsIn(text, ['bob'], true)).toStrictEqual(['bob']);
    expect(mentionsIn(text, ['bob'], false)).toStrictEqual(['bob', 'eve']);
  });

  test('takes the longest name that is known', () => {
    expect(mentionsIn('@bob.', ['bob.', 'bob'], true)).toStrictEqual(['bob.']);
  });
});

test('loses and changes nothing of any text', () => {
  const piece = oneof(
    constantFrom('https://', 'http://x', '@bob', '(', ')', '.', ' ', '\n', '@', '<b>', '"'),
    string({ unit: 'binary' }),
  );
  assert(
    property(array(piece), (pieces) => {
      const text = pieces.join('');
      const joined = textParts(text, ['bob'])
        .map((part) => part.text)
        .join('');
      expect(joined).toBe(text);
    }),
  );
});

test.for([
  ['brackets', `https://example.com/${')'.repeat(3_900)}`],
  ['pairs of brackets', `https://example.com/${'()'.repeat(1_900)}`],
  ['points', `https://example.com/${'.,'.repeat(1_900)}x`],
  ['@', '@'.repeat(4_000)],
  ['a long name', `@a${'.'.repeat(3_998)}`],
  ['many names', '@a. '.repeat(1_000)],
])('is not slowed down by a text of %s', ([, text = '']) => {
  const before = performance.now();
  for (let times = 0; times < 20; times += 1) textParts(text, ['bob']);
  expect((performance.now() - before) / 20).toBeLessThan(20);
});
