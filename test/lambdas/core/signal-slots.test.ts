import { expect, test } from 'vitest';

import { createSignalSlots, SIGNAL_SLOT_MS } from '../../../lambdas/core/signal-slots.ts';
import type { DynamoDb, Item } from '../../../lambdas/core/aws/dynamodb.ts';

/** A table that does what the one expression of the slots asks for, and a clock that the test turns. */
function slotsAt(start: number) {
  let time = start;
  let row: Record<string, Item[string]> = {};
  const waiting: { readonly until: number; readonly wake: () => void }[] = [];
  const table = {
    call(operation: string, input: object) {
      if (operation === 'GetItem') return Promise.resolve({ Item: row });
      const { ExpressionAttributeNames: names, ExpressionAttributeValues: values } = input as {
        ExpressionAttributeNames: Record<'#slot' | '#last', string>;
        ExpressionAttributeValues: Record<string, { readonly N: string }>;
      };
      const before = row['n'] as { readonly N: string } | undefined;
      const n = { N: String(Number((before ?? values[':time'])?.N) + 1) };
      const slot = values[':slot'] ?? { N: '' };
      row = { ...row, n, [names['#last']]: n, [names['#slot']]: slot };
      return Promise.resolve({ Attributes: { n } });
    },
  };
  const slots = createSignalSlots({
    db: table as unknown as DynamoDb,
    table: 'Connections',
    now: () => time,
    wait: (ms) => new Promise<void>((wake) => waiting.push({ until: time + ms, wake })),
  });
  return {
    slots,
    passTo: async (to: number) => {
      time = to;
      await new Promise(setImmediate);
      for (const { until, wake } of waiting) if (until <= time) wake();
      await new Promise(setImmediate);
    },
  };
}

const START = 1_000 * SIGNAL_SLOT_MS;

test('[V3] the last signal of a slot goes out, with a number that grows', async () => {
  const { slots, passTo } = slotsAt(START);
  const first = slots.take('r', 'ann');
  const second = slots.take('r', 'ann');
  await passTo(START + SIGNAL_SLOT_MS);
  expect(await first).toBeUndefined();
  expect(await second).toBe(START + 2);
  const third = slots.take('r', 'ann');
  await passTo(START + 2 * SIGNAL_SLOT_MS);
  expect(await third).toBe(START + 3);
});

test('[V3] a sender who never stops is shown once in each slot', async () => {
  const { slots, passTo } = slotsAt(START);
  const taken: Promise<number | undefined>[] = [];
  for (let step = 0; step < 40; step += 1) {
    taken.push(slots.take('r', 'ann'));
    await passTo(START + ((step + 1) * SIGNAL_SLOT_MS) / 4);
  }
  const shown = (await Promise.all(taken)).filter((order) => order !== undefined);
  expect(shown).toHaveLength(10);
  expect(shown).toEqual(shown.toSorted((a, b) => a - b));
});

test('[V3] a signal whose slot ends while the next one is under way is shown all the same', async () => {
  const { slots, passTo } = slotsAt(START);
  const early = slots.take('r', 'ann');
  // The next signal is written before the first one looks at what became of its slot.
  await passTo(START + SIGNAL_SLOT_MS - 1);
  const ended = passTo(START + SIGNAL_SLOT_MS);
  const late = slots.take('r', 'ann');
  await ended;
  expect(await early).toBe(START + 1);
  await passTo(START + 2 * SIGNAL_SLOT_MS);
  expect(await late).toBe(START + 2);
});
