import { expect, test } from 'vitest';

import { physicalName, shortId } from '../../../../emulator/template/resources/names.ts';

test('a name is the stack and the logical id', () => {
  expect(physicalName('Chat', 'Rooms12AB', 64)).toBe('Chat-Rooms12AB');
});

test('a name that is too long ends in a hash, so that two of them differ', () => {
  const names = ['A', 'B'].map((end) => physicalName('Chat', 'x'.repeat(70) + end, 64));
  expect(names.map(({ length }) => length)).toEqual([64, 64]);
  expect(names[0]).toMatch(/^Chat-x{50}-[0-9a-f]{8}$/);
  expect(names[0]).not.toBe(names[1]);
});

test('a name keeps its suffix within the limit', () => {
  expect(physicalName('Chat', 'Q', 80, '.fifo')).toBe('Chat-Q.fifo');
  const long = physicalName('Chat', 'q'.repeat(74), 80, '.fifo');
  expect(long).toHaveLength(80);
  expect(long).toMatch(/-[0-9a-f]{8}\.fifo$/);
});

test('an id is always the same for one resource, and another for another', () => {
  expect(shortId('Chat', 'Api', 10)).toMatch(/^[a-z0-9]{10}$/);
  expect(shortId('Chat', 'Api', 10)).toBe(shortId('Chat', 'Api', 10));
  expect(shortId('Chat', 'Api', 10)).not.toBe(shortId('Chat2', 'Api', 10));
});
