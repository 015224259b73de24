import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { manualClock } from '../../../emulator/clock.ts';
import { FAULTS } from '../../../emulator/faults/catalogue.ts';
import { createFaults, type FaultSource } from '../../../emulator/faults/faults.ts';
import { FaultPlanError, readPlan, readPlanFile } from '../../../emulator/faults/plan.ts';
import type { FaultRule } from '../../../emulator/faults/rule.ts';
import { MOMENT } from '../../../emulator/faults/trigger.ts';
import { scratchDirectory } from '../../support/templates.ts';

/** A plan as a person writes it, and when its rules strike; no cloud is needed for either. */
const POST = { resources: ['App/Chat/Api/Resource', 'chat'], operation: 'post' };

function faultsOf(rules: readonly FaultRule[], seed = 1): FaultSource {
  return createFaults({ plan: { seed, rules }, clock: manualClock() });
}

/** Which of so many posts are struck, from 1. */
function struck(faults: FaultSource, posts: number): readonly number[] {
  return Array.from({ length: posts }, (_, index) => index + 1).filter(
    () => faults.take('post', POST) !== undefined,
  );
}

describe('a plan that cannot be used is one line that names the rule and the field', () => {
  test.each([
    [{ seeds: 1 }, 'the fault plan, seeds: is not known here'],
    [{ seed: 'x' }, 'the fault plan, seed: must be number, not "x"'],
    [
      { rules: [{ fault: 'cut' }, { fault: 'post-gone', when: { rate: 1.5 } }] },
      'fault rule 2 (post-gone), when.rate: must be <=1, not 1.5',
    ],
    [{ rules: [{ fault: 'post-slow' }] }, 'fault rule 1 (post-slow), ms: is missing'],
    [
      { rules: [{ fault: 'post-gone', delivred: true }] },
      'fault rule 1 (post-gone), delivred: is not known here',
    ],
    [
      { rules: [{ fault: 'dynamodb-slow', ms: 1, where: { connection: '*' } }] },
      'fault rule 1 (dynamodb-slow), where.connection: is not known here',
    ],
    [
      { rules: [{ fault: 'post-gone', when: { atMs: 5 } }] },
      'fault rule 1 (post-gone), when.atMs: is not known here',
    ],
  ])('%j', (plan, line) => {
    expect(() => readPlan(plan)).toThrow(new FaultPlanError(line));
  });

  test('an unknown fault is told with those there are', () => {
    const rules = [{ fault: 'post-gon' }];
    expect(() => readPlan({ rules })).toThrow(
      /^fault rule 1, fault: "post-gon" is none of post-gone,/,
    );
  });

  test('a file that is no JSON is told by its name', () => {
    const file = join(scratchDirectory(), 'plan.json');
    writeFileSync(file, '{');
    expect(() => readPlanFile(file)).toThrow(/^the fault plan .*plan\.json cannot be read: /);
  });
});

test('every fault of the catalogue can be asked for', () => {
  const rules = Object.keys(FAULTS).map((fault) => ({ fault, ms: 1 }));
  for (const rule of rules) {
    const known = Object.hasOwn(FAULTS[rule.fault as keyof typeof FAULTS].parameters.entries, 'ms');
    expect(readPlan({ rules: [known ? rule : { fault: rule.fault }] }).rules).toHaveLength(1);
  }
});

describe('when', () => {
  test.each([
    [{}, [1, 2, 3, 4, 5, 6, 7]],
    [{ first: 2 }, [1, 2]],
    [{ every: 3 }, [3, 6]],
    [{ nth: 4 }, [4]],
    [{ nth: [1, 5] }, [1, 5]],
    [{ first: 4, every: 2 }, [2, 4]],
    [{ rate: 0 }, []],
  ])('%j strikes %j of seven', (when, expected) => {
    expect(struck(faultsOf([{ fault: 'post-gone', when }]), 7)).toEqual(expected);
  });

  test('after and until are of the cloud’s time, from when the rule was added', () => {
    const clock = manualClock();
    const faults = createFaults({ plan: {}, clock });
    clock.advance(1_000);
    faults.add({ fault: 'post-gone', when: { afterMs: 100, untilMs: 200 } });
    const at = [0, 99, 1, 99, 1].map((ms) => {
      clock.advance(ms);
      return struck(faults, 1).length;
    });
    expect(at).toEqual([0, 0, 1, 1, 0]);
  });
});

describe('a moment', () => {
  const takeAll = (faults: FaultSource) =>
    ['one', 'two', 'three'].filter((connection) =>
      faults.take('socket', { ...POST, operation: MOMENT, connection }),
    );

  test('strikes all that match, each rule at its own, and what happens by itself never', () => {
    const clock = manualClock();
    const faults = createFaults({ plan: {}, clock });
    const struckAt: (readonly [ms: number, connections: readonly string[]])[] = [];
    const startedAt = clock.now();
    faults.onMoment('socket', () => struckAt.push([clock.now() - startedAt, takeAll(faults)]));
    faults.add({ fault: 'cut', when: { atMs: 100, first: 2 } });
    faults.add({ fault: 'half-open', when: { atMs: 200 }, where: { connection: 't*' } });
    const takeBack = faults.add({ fault: 'cut', when: { atMs: 300 } });
    expect(faults.take('socket', { ...POST, connection: 'one' })).toBeUndefined();
    clock.advance(250);
    takeBack();
    clock.advance(250);
    expect(struckAt).toEqual([
      [100, ['one', 'two']],
      [200, ['two', 'three']],
    ]);
  });
});

describe('where', () => {
  test.each([
    ['chat', 1],
    ['App/Chat/Api/Resource', 1],
    ['App/Chat/Api', 1],
    ['App/*', 1],
    ['*Api*', 1],
    ['App/Chat', 0],
    ['other', 0],
  ])('%j matches %i', (resource, matches) => {
    expect(struck(faultsOf([{ fault: 'post-gone', where: { resource } }]), 1)).toHaveLength(
      matches,
    );
  });
});

describe('chance', () => {
  const half = { fault: 'post-gone', when: { rate: 0.5 } } as const;

  test('is kept to', () => {
    for (const rate of [0.01, 0.2, 0.9]) {
      const faults = faultsOf([{ fault: 'post-gone', when: { rate } }]);
      // Four standard deviations of so many throws.
      const allowed = 4 * Math.sqrt((rate * (1 - rate)) / 10_000);
      expect(Math.abs(struck(faults, 10_000).length / 10_000 - rate)).toBeLessThan(allowed);
    }
  });

  test('is the same with the same seed, and another with another', () => {
    expect(struck(faultsOf([half], 7), 100)).toEqual(struck(faultsOf([half], 7), 100));
    expect(struck(faultsOf([half], 7), 100)).not.toEqual(struck(faultsOf([half], 8), 100));
  });

  test('of a rule does not hang on other rules, nor on what happens elsewhere', () => {
    const alone = struck(faultsOf([half]), 100);
    const crowd = faultsOf([
      { fault: 'cut' },
      { fault: 'dynamodb-slow', ms: 1, when: { rate: 0.5 } },
      half,
      { fault: 'post-throttled', when: { rate: 0.1 } },
    ]);
    const gone = Array.from({ length: 100 }, (_, index) => index + 1).filter(() => {
      crowd.take('post', { ...POST, resources: ['App/Other'] });
      return crowd.take('post', POST)?.fault === 'post-gone';
    });
    expect(gone).toEqual(alone);
  });
});

describe('the record', () => {
  test('tells what was injected, and which rules never struck', () => {
    const faults = faultsOf([
      { fault: 'post-gone', name: 'the lost ones', when: { nth: 2 } },
      { fault: 'post-gone', where: { resource: 'nowhere' } },
    ]);
    struck(faults, 3);
    expect(faults.fired()).toEqual([
      {
        rule: 'the lost ones',
        fault: 'post-gone',
        atMs: 0,
        occurrence: 2,
        resource: 'App/Chat/Api/Resource',
        operation: 'post',
      },
    ]);
    expect(faults.idle()).toEqual(['post-gone#1']);
  });

  test('stays when rules are taken away, alone or all', () => {
    const faults = faultsOf([{ fault: 'post-gone', when: { first: 1 } }]);
    const takeAway = faults.add({ fault: 'post-throttled' });
    expect([faults.take('post', POST)?.fault, faults.take('post', POST)?.fault]).toEqual([
      'post-gone',
      'post-throttled',
    ]);
    takeAway();
    expect(struck(faults, 3)).toEqual([]);
    faults.clear();
    expect(faults.any('post')).toBe(false);
    expect(faults.fired()).toHaveLength(2);
  });

  test('a rule added live that cannot be used throws', () => {
    const broken = { fault: 'post-gone', when: { rate: -1 } } as const;
    expect(() => faultsOf([]).add(broken)).toThrow(FaultPlanError);
  });
});
