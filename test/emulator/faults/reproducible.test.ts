import { expect, test } from 'vitest';

import type { FaultPlan } from '../../../emulator/faults/plan.ts';
import { startSmallCloud } from './small-cloud.ts';

/** A whole cloud run twice under one plan: the same operations suffer the same faults. */
const PLAN: FaultPlan = {
  seed: 42,
  rules: [
    { fault: 'post-gone', when: { rate: 0.3 } },
    { fault: 'post-lost', when: { rate: 0.3 } },
    { fault: 'dynamodb-throttled', when: { rate: 0.4 }, where: { function: 'small-act' } },
    { fault: 'dynamodb-failed', applied: true, when: { rate: 0.2 } },
    {
      fault: 'function-crash',
      moment: 'middle',
      calls: 2,
      where: { resource: 'Small/Act' },
      when: { every: 4 },
    },
    { fault: 'function-cold', when: { rate: 0.1 } },
    { fault: 'batch-duplicated', when: { rate: 0.5 } },
    { fault: 'frame-lost', when: { rate: 1 }, where: { connection: 'of nobody' } },
  ],
};

async function run(plan: FaultPlan) {
  const cloud = await startSmallCloud({ faults: plan });
  const client = await cloud.open();
  for (let index = 0; index < 15; index += 1) {
    const Item = { pk: { S: 'p' }, sk: { S: String(index) }, text: { S: 'x' } };
    const put = ['dynamodb', 'PutItem', { TableName: cloud.table, Item }] as const;
    const get = [
      'dynamodb',
      'GetItem',
      { TableName: cloud.table, Key: { pk: Item.pk, sk: Item.sk } },
    ] as const;
    await client.run(put, get);
    await cloud.settled();
    await cloud.post(client.connectionId, String(index));
  }
  await cloud.settled();
  const fired = cloud.faults.fired().map(({ rule, occurrence }) => `${rule} ${occurrence}`);
  // A batch and what its function does meanwhile come in any order.
  return {
    fired: fired.toSorted(),
    idle: cloud.faults.idle(),
    batches: cloud.batches(),
    heard: client.heard,
  };
}

test('the same seed and the same operations bring the same faults, and another seed others', async () => {
  const [first, second, other] = [
    await run(PLAN),
    await run(PLAN),
    await run({ ...PLAN, seed: 43 }),
  ];
  expect(first.fired.length).toBeGreaterThan(10);
  expect(second).toEqual(first);
  expect(other.fired).not.toEqual(first.fired);
  expect(first.idle).toEqual(['frame-lost#1']);
});

test('with an empty plan nothing is injected', async () => {
  expect(await run({})).toMatchObject({ fired: [], idle: [] });
});

test('what was injected, and what never was, is told in the log', async () => {
  const lines: string[] = [];
  const cloud = await startSmallCloud({
    log: (source, line) => lines.push(`${source}: ${line}`),
    faults: { rules: [{ fault: 'dynamodb-failed' }, { fault: 'cut' }] },
  });
  await cloud.put('a');
  await cloud.close();
  expect(lines).toContain('faults: dynamodb-failed#1: PutItem Small/Items/Resource');
  expect(lines).toContain('faults: cut#1 never struck');
});
