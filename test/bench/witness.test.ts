import { expect, test } from 'vitest';

import { createWitness, together } from '../../bench/drops/witness.ts';

/** What the drop bench counts: a bench that cannot see a loss shows nothing. */
const seen = (...confirmed: readonly string[]) => new Set(confirmed);

test('counts what was delivered of what was confirmed, and what was shown twice', () => {
  const witness = createWitness();
  for (const id of ['a', 'b', 'c', 'unconfirmed']) witness.said(id);
  for (const id of ['a', 'b', 'b']) witness.shown(id, 1);
  expect(witness.result(seen('a', 'b', 'c'))).toMatchObject({
    expected: 3,
    delivered: 2,
    duplicates: 1,
    gaps: 0,
  });
});

test('takes the time from the first new connection until the last missed message is shown', () => {
  const witness = createWitness();
  witness.said('a');
  witness.said('b');
  witness.restored(100);
  witness.reconnected(150);
  witness.said('later');
  witness.shown('a', 160);
  witness.shown('later', 165);
  expect(witness.result(seen()).replayMs).toEqual([]);
  witness.shown('b', 170);
  expect(witness.result(seen())).toMatchObject({ gaps: 1, replayMs: [20], recoveryMs: [70] });
});

test('goes on with a gap when the network breaks again before it is closed', () => {
  const witness = createWitness();
  witness.said('a');
  witness.restored(100);
  witness.reconnected(150);
  witness.said('b');
  witness.restored(1_000);
  witness.reconnected(1_050);
  witness.shown('a', 1_060);
  witness.shown('b', 1_070);
  expect(witness.result(seen())).toMatchObject({ gaps: 1, replayMs: [920], recoveryMs: [970] });
});

test('leaves a gap open in which something never came, and sums up over clients', () => {
  const lossy = createWitness();
  lossy.said('a');
  lossy.restored(0);
  lossy.reconnected(0);
  const whole = createWitness();
  whole.said('a');
  whole.shown('a', 5);
  expect(together([lossy, whole].map((one) => one.result(seen('a'))))).toEqual({
    expected: 2,
    delivered: 1,
    duplicates: 0,
    gaps: 1,
    replayMs: [],
    recoveryMs: [],
  });
});
