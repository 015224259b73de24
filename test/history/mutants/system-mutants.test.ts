import { describe, expect, inject, test } from 'vitest';

import { scratchDirectory } from '../../support/templates.ts';
import { violationsOf } from '../check.ts';
import { openArena } from '../torture/arena.ts';
import { type Action, type Deed, drawPlan, type Plan } from '../torture/plan.ts';
import { play } from '../torture/schedule.ts';
import { mutateAssembly } from './mutated-assembly.ts';
import { SYSTEM_MUTANTS, type SystemMutant } from './system-mutants.ts';

/*
 * Goal: no bug of the server gets past the checker. Method: each bug is put into the real functions, and
 * schedules are played in the real chat until a check finds it; all of them are known to do so soon.
 */

const SCHEDULES_MAX = 8;

const act = (deed: Deed, device: number, which = 0): Action => ({
  do: deed,
  device,
  room: 0,
  which,
  pauseMs: 2,
  settles: true,
});

/** Some of everything that the bugs are about, in an order in which all of it can happen. */
const ACTIONS: readonly Action[] = [
  act('send', 0),
  act('send several', 1),
  act('mark read', 1),
  act('remove', 0),
  { ...act('send', 1), settles: false },
  // The owner puts the last one out, and is heard by those who are still in.
  act('ban', 0, 0.99),
  act('send', 0),
  act('send several', 0),
  act('reload', 1),
];

const planFor = ({ faults }: SystemMutant, seed: number): Plan => ({
  ...drawPlan(seed),
  users: 2,
  rooms: 1,
  devices: [0, 1],
  actions: ACTIONS,
  faults,
  calm: true,
});

describe('a server in which', () => {
  test.each(SYSTEM_MUTANTS.map((mutant) => [mutant.bug, mutant] as const))(
    '%s is caught',
    async (_bug, mutant) => {
      const directory = scratchDirectory();
      await mutateAssembly(inject('assembly'), directory, mutant.changes);
      const arena = await openArena(directory);
      const found = new Set<string>();
      try {
        for (let seed = 1; seed <= SCHEDULES_MAX; seed += 1) {
          const plan = planFor(mutant, seed);
          const patient = plan.faults.length === 0;
          const { history } = await play(arena, plan, `mutant-${seed}`, { patient });
          for (const { check } of violationsOf(history)) found.add(check);
          if (mutant.caughtBy.some((check) => found.has(check))) break;
        }
      } finally {
        await arena.close();
      }
      expect(mutant.caughtBy.filter((check) => found.has(check))).not.toEqual([]);
    },
    120_000,
  );
});
