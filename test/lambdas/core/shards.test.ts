import { describe, expect, test } from 'vitest';

import { allShards, shardOf, shardsFor, shardsOf } from '../../../lambdas/core/shards.ts';

const connections = Array.from({ length: 6_400 }, (_, index) => `connection${index}=`);

describe('the shard of a connection', () => {
  test.each([1, 4, 16, 64])('of %d is always the same, and each has its share', (count) => {
    const sizes = new Map(allShards(count).map((shard) => [shard, 0]));
    for (const connection of connections) {
      const shard = shardOf(connection, count);
      expect(shardOf(connection, count)).toBe(shard);
      sizes.set(shard, (sizes.get(shard) ?? Number.NaN) + 1);
    }
    expect(sizes.size).toBe(count);
    const fair = connections.length / count;
    expect(Math.max(...sizes.values())).toBeLessThan(1.4 * fair);
    expect(Math.min(...sizes.values())).toBeGreaterThan(0.6 * fair);
  });

  test('is among those it can be in, for every count up to the greatest', () => {
    for (const connection of connections.slice(0, 200)) {
      const places = shardsOf(connection);
      expect(places.length).toBeLessThanOrEqual(4);
      for (const count of [1, 4, 16, 64]) expect(places).toContain(shardOf(connection, count));
      expect(shardsOf(connection, 1)).toEqual([0]);
    }
  });
});

test.each([
  [0, 1],
  [2_000, 1],
  [2_001, 4],
  [8_000, 4],
  [8_001, 16],
  [32_000, 16],
  [32_001, 64],
  [10_000_000, 64],
])('%d connections need %d shards of 2,000', (count, shards) => {
  expect(shardsFor(count, 2_000)).toBe(shards);
});
