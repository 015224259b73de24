import { describe, expect, test } from 'vitest';

import { createManualClock } from '../../../client/testing/index.ts';

describe('a manual clock', () => {
  test('runs what is due in the order of time, each at its own time', async () => {
    const clock = createManualClock(1_000);
    const ran: number[] = [];
    clock.after(300, () => ran.push(clock.now()));
    clock.after(100, () => ran.push(clock.now()));
    clock.after(301, () => ran.push(clock.now()));
    await clock.advance(300);
    expect(ran).toEqual([1_100, 1_300]);
    expect([clock.now(), clock.waiting]).toEqual([1_300, 1]);
  });

  test('runs what is set off on the way, also by promises', async () => {
    const clock = createManualClock(0);
    const ran: number[] = [];
    const again = async () => {
      ran.push(clock.now());
      await Promise.resolve();
      clock.after(10, () => void again());
    };
    clock.after(10, () => void again());
    await clock.advance(35);
    expect(ran).toEqual([10, 20, 30]);
  });

  test('does not run what was cancelled', async () => {
    const clock = createManualClock();
    const ran: string[] = [];
    clock.after(10, () => ran.push('kept'));
    clock.after(10, () => ran.push('cancelled'))();
    await clock.advance(10);
    expect(ran).toEqual(['kept']);
  });
});
