import { expect, test } from 'vitest';

import { type AttributeValue, itemSize } from '../../../emulator/dynamodb/attribute-value.ts';
import { demand, DYNAMODB } from '../../../emulator/dynamodb/client.ts';
import { startTestEngine, tableResource } from './database.ts';

/** Values and the bytes they weigh without their name. */
const SIZES: readonly (readonly [AttributeValue, number])[] = [
  [{ S: '' }, 0],
  [{ S: 'é✓' }, 5],
  [{ N: '1' }, 2],
  [{ N: '123456' }, 4],
  [{ N: '-12345' }, 5],
  [{ N: '0.00012' }, 2],
  [{ N: '100' }, 2],
  [{ N: '12.3' }, 3],
  [{ B: 'AAEC' }, 3],
  [{ BOOL: false }, 1],
  [{ NULL: true }, 1],
  [{ SS: ['a', 'bc'] }, 3],
  [{ NS: ['1', '23'] }, 4],
  [{ BS: ['AAEC', 'AA=='] }, 4],
  [{ L: [] }, 3],
  [{ L: [{ S: 'a' }, { N: '1' }] }, 8],
  [{ M: {} }, 3],
  [{ M: { a: { S: 'b' }, c: { N: '5' } } }, 10],
];

test.each(SIZES)('the size of %j is %i bytes', (value, bytes) => {
  expect(itemSize({ attribute: value })).toBe('attribute'.length + bytes);
});

test('[dynoxide] the embedded engine counts the same bytes', async () => {
  const engine = await startTestEngine([tableResource('Sizes')]);
  const unitsOf = async (index: number, value: AttributeValue, padding: number) => {
    const Item = {
      pk: { S: String(index) },
      sk: { S: '-' },
      value,
      padding: { S: 'x'.repeat(padding) },
    };
    const { ConsumedCapacity } = await demand(engine, `${DYNAMODB}PutItem`, {
      TableName: 'Sizes',
      Item,
      ReturnConsumedCapacity: 'TOTAL',
    });
    return {
      size: itemSize(Item),
      units: (ConsumedCapacity as { CapacityUnits: number }).CapacityUnits,
    };
  };
  for (const [index, [value]] of SIZES.entries()) {
    const { size } = await unitsOf(index, value, 0);
    // Padded to exactly one unit, and then by one byte more.
    expect(await unitsOf(index, value, 1024 - size)).toEqual({ size: 1024, units: 1 });
    expect(await unitsOf(index, value, 1025 - size)).toEqual({ size: 1025, units: 2 });
  }
});
