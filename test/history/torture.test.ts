import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';

import { violationsOf, violationText } from './check.ts';
import { type Arena, openArena } from './torture/arena.ts';
import { PINNED } from './torture/pinned.ts';
import { drawPlan } from './torture/plan.ts';
import { play } from './torture/schedule.ts';

/*
 * Goal: whatever goes wrong, what clients are told and see keeps the promises. Method: schedules of people,
 * devices, actions and faults in the real chat, a few of those that `npm run torture` plays by the thousand.
 */

let arena: Arena;
beforeAll(async () => {
  arena = await openArena(inject('assembly'));
});
afterAll(() => arena.close());

/** Milliseconds in which schedules begin; how many those are is the machine's affair. */
const BEGIN_MAX_MS = 15_000;
const SCHEDULES_MAX = 20;

describe('schedules of faults', () => {
  test.each(PINNED.map(({ fact, plan }) => [fact, plan] as const))(
    '%s',
    async (_fact, plan) => {
      const { history } = await play(arena, plan, `pinned-${plan.seed}`);
      expect(violationsOf(history).map(violationText)).toEqual([]);
    },
    60_000,
  );

  test('[J1] to [J12] hold in all of them', async () => {
    const until = performance.now() + BEGIN_MAX_MS;
    let played = 0;
    let entries = 0;
    for (; played < SCHEDULES_MAX && performance.now() < until; played += 1) {
      const plan = drawPlan(1 + played);
      const { history } = await play(arena, plan, `short-${plan.seed}`);
      const found = violationsOf(history).map(violationText);
      expect(found, `npm run torture -- --seed ${plan.seed} --schedules 1`).toEqual([]);
      for (const log of history.logs.values()) entries += log.length;
    }
    expect(entries).toBeGreaterThan(3 * played);
  }, 120_000);

  test('are the same for the same seed', () => {
    expect(drawPlan(7)).toEqual(drawPlan(7));
    expect(drawPlan(7)).not.toEqual(drawPlan(8));
  });
});
