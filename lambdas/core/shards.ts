import { createHash } from 'node:crypto';

/**
 * In which part of a room's list a connection is. A room begins with one part, its shard 0, which one
 * query reads; it gets more when it needs them, and never fewer. One with fewer shards than others know
 * of is harmless: the shards of a small count are among those of a greater one, and everybody reads all.
 * Pure.
 */
const SHARD_COUNTS = [1, 4, 16, 64] as const;

/** Of so many shards, the one a connection is in. */
export function shardOf(connection: string, count: number): number {
  if (count === 1) return 0;
  return createHash('sha256').update(connection).digest().readUInt32BE() % count;
}

/** Every shard a connection can be in while the room had up to so many: at most four. */
export function shardsOf(connection: string, upTo: number = MOST_SHARDS): readonly number[] {
  const counts = SHARD_COUNTS.filter((count) => count <= upTo);
  return [...new Set(counts.map((count) => shardOf(connection, count)))];
}

/** All shards of a room. */
export const allShards = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, shard) => shard);

/** The shards that so many connections need, when each is to hold no more than `each`. */
export function shardsFor(connections: number, each: number): number {
  return SHARD_COUNTS.find((count) => connections <= count * each) ?? MOST_SHARDS;
}

const MOST_SHARDS = 64;
