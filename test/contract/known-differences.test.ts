import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { differenceOf, KNOWN_DIFFERENCES } from './known-differences.ts';

const suite = readFileSync(new URL('gateway.ts', import.meta.url), 'utf8');

test.each(KNOWN_DIFFERENCES)(
  'the contract has a test "$title", which is skipped with a reason',
  (known) => {
    expect(suite.split(known.title)).toHaveLength(2);
    expect(differenceOf(`[INF b] ${known.title}`)).toBe(known.reason);
  },
);

test('any other test is run', () => {
  expect(differenceOf('[DOC e1] takes a frame of 32 KB')).toBeUndefined();
});
