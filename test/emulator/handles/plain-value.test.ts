import { expect, test } from 'vitest';

import {
  type PlainItem,
  toAttribute,
  toItem,
  toPlainItem,
} from '../../../emulator/handles/plain-value.ts';

test('plain values come back as they went, all types of DynamoDB', () => {
  const item: PlainItem = {
    text: 'x',
    number: -1.5,
    large: 9_007_199_254_740_993n,
    flag: false,
    nothing: null,
    bytes: Uint8Array.of(1, 2),
    texts: new Set(['a', 'b']),
    numbers: new Set([1, 2]),
    list: [1, ['x'], { deep: null }],
    map: { a: { b: 'c' } },
  };
  expect(toPlainItem(toItem(item))).toEqual(item);
});

test.each([
  [new Set(['a']), { SS: ['a'] }],
  [new Set([1, 2n]), { NS: ['1', '2'] }],
  [new Set([Uint8Array.of(1)]), { BS: ['AQ=='] }],
  [Uint8Array.of(1), { B: 'AQ==' }],
  [{ a: [true] }, { M: { a: { L: [{ BOOL: true }] } } }],
])('%o is %j to DynamoDB', (value, attribute) => {
  expect(toAttribute(value)).toEqual(attribute);
});
