import { expect, test } from 'vitest';

import { visible } from '../../terminal/visible.ts';

test.each([
  ['an escape sequence', '\u001b[2J\u001b]0;owned\u0007', '␛[2J␛]0;owned␇'],
  ['a C1 control', '\u009b31m', '�31m'],
  ['a carriage return over what was said', 'yes\rno', 'yes ⏎ no'],
  ['a line that pretends to be the next', 'hi\n#99 bob: pay me', 'hi ⏎ #99 bob: pay me'],
  ['a mark that turns the text round', 'a\u202Eb\u2066c', 'a�b�c'],
])('%s is shown as what it is', (_what, text, shown) => {
  expect(visible(text)).toBe(shown);
});

test('other text is left alone, in whatever script and direction it is', () => {
  for (const text of ['Grüße 👋🏽', 'שלום', '日本語', '‏']) expect(visible(text)).toBe(text);
});
