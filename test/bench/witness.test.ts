import { expect, test } from 'vitest';

import { createWitness, together } from '../../bench/drops/witness.ts';

/** What the drop bench counts: a bench that cannot see a loss shows nothing. */
const seen = (...confirmed: readonly string[]) => new Set(confirmed);

test('counts what was delivered of what was confirmed, and what was shown twice', () => {
  const witness = createWitness();
  for (const id of ['a', 'b', 'c', 'unconfirmed']) witness.said(id, 0);
  for (const id of ['a', 'b', 'b']) witness.shown(id, 1);
  expect(witness.result(seen('a', 'b', 'c'))).toMatchObject({
    expected: 3,
    delivered: 2,
    duplicates: 1,
    gaps: 0,
  });
});

test('takes the time from when something was said until it is shown for the first time', () => {
  const witness = createWitness();
  witness.said('a', 10);
  witness.said('b', 20);
  witness.shown('a', 15);
  witness.shown('b', 2_020);
  witness.shown('b', 9_000);
  expect(witness.result(seen())).toMatchObject({ latencyMs: [5, 2_000] });
});

test('takes the time from the first new connection until the last missed message is shown', () => {
  const witness = createWitness();
  witness.said('a', 0);
  witness.said('b', 0);
  witness.restored(100);
  witness.reconnected(150);
  witness.said('later', 0);
  witness.shown('a', 160);
  witness.shown('later', 165);
  expect(witness.result(seen()).replayMs).toEqual([]);
  witness.shown('b', 170);
  expect(witness.result(seen())).toMatchObject({ gaps: 1, replayMs: [20], recoveryMs: [70] });
});

test('goes on with a gap when the network breaks again before it is closed', () => {
  const witness = createWitness();
  witness.said('a', 0);
  witness.restored(100);
  witness.reconnected(150);
  witness.said('b', 0);
  witness.restored(1_000);
  witness.reconnected(1_050);
  witness.shown('a', 1_060);
  witness.shown('b', 1_070);
  expect(witness.result(seen())).toMatchObject({ gaps: 1, replayMs: [920], recoveryMs: [970] });
});

test('leaves a gap open in which something never came, and sums up over clients', () => {
  const lossy = createWitness();
  lossy.said('a', 0);
  lossy.restored(0);
  lossy.reconnected(0);
  const whole = createWitness();
  whole.said('a', 0);
  whole.shown('a', 5);
  expect(together([lossy, whole].map((one) => one.result(seen('a'))))).toEqual({
    expected: 2,
    delivered: 1,
    duplicates: 0,
    latencyMs: [5],
    gaps: 1,
    replayMs: [],
    recoveryMs: [],
  });
});
