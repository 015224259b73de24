/**
 * All shards of a stream as one mapping works them off, from one start to its end: finds them, fixes
 * where each is begun, and begins a child only when its parent is done, so that an item's changes
 * stay in order across a split.
 *
 * A mapping that was never started before begins where its starting position says; a shard born
 * later is always read from its first record.
 */
import type { Checkpoints } from './checkpoints.ts';
import { startPoller } from './poller.ts';
import { startShard, type Shard, type ShardOptions } from './shard.ts';
import type { Position, StreamShard } from './stream.ts';

/** How often the stream is asked for new shards, beside the end of one. */
const DISCOVERY_MS = 10_000;

const TRIM_HORIZON = 'TRIM_HORIZON';

export interface ShardsOptions extends Omit<
  ShardOptions,
  'shardId' | 'position' | 'streamArn' | 'checkpoint'
> {
  readonly checkpoints: Checkpoints;
  /** Forgets the checkpoints and begins with the oldest record there is. */
  readonly startOver: boolean;
}

export interface Shards {
  wake(): void;
  /** Every shard is found and quiet. */
  quiet(): boolean;
  /** The starting positions are fixed. */
  positioned(): boolean;
  open(): readonly Shard[];
}

export function startShards(options: ShardsOptions): Shards {
  const { mapping, stream, checkpoints, signal } = options;
  // The stream is part of the name, because another stream's shards may have the same ids.
  const mappingId = `${mapping.logicalId} ${stream.arn}`;
  const open = new Map<string, Shard>();
  const done = new Set<string>();
  let positioned = false;

  const begin = ({ shardId }: StreamShard) => {
    const stored = checkpoints.get(mappingId, shardId) ?? TRIM_HORIZON;
    const shard = startShard({
      ...options,
      shardId,
      streamArn: stream.arn,
      position: positionFrom(stored),
      checkpoint: (sequenceNumber) => checkpoints.set(mappingId, shardId, sequenceNumber),
      changed() {
        if (open.has(shardId) && shard.done()) {
          open.delete(shardId);
          done.add(shardId);
          discovery.wake();
        }
        options.changed();
      },
    });
    open.set(shardId, shard);
  };
  const discover = async (): Promise<'nothing'> => {
    const listed = await stream.shards();
    if (!positioned) await fixPositions(listed, mappingId, options);
    if (signal.aborted) return 'nothing';
    positioned = true;
    for (const shard of listed) {
      const known = open.has(shard.shardId) || done.has(shard.shardId);
      if (!known && mayBegin(shard, listed, done)) begin(shard);
    }
    return 'nothing';
  };
  const discovery = startPoller({
    ...options,
    poll: discover,
    eager: true,
    everyMs: DISCOVERY_MS,
    firstAfterMs: 0,
    failed(error) {
      options.log('emulator', `${mapping.path}: cannot list shards: ${String(error)}`);
    },
  });
  return {
    wake() {
      for (const shard of open.values()) shard.wake();
      // Nobody would read what a shard unheard of holds.
      if (open.size === 0) discovery.wake();
    },
    quiet: () => discovery.upToDate() && [...open.values()].every((shard) => shard.quiet()),
    positioned: () => positioned,
    open: () => [...open.values()],
  };
}

function mayBegin(
  { parentShardId }: StreamShard,
  listed: readonly StreamShard[],
  done: ReadonlySet<string>,
): boolean {
  if (parentShardId === undefined || done.has(parentShardId)) return true;
  return !listed.some(({ shardId }) => shardId === parentShardId);
}

/** At the first start each shard gets its position, which must not depend on when it is read. */
async function fixPositions(
  listed: readonly StreamShard[],
  mappingId: string,
  { mapping, stream, checkpoints, startOver, signal }: ShardsOptions,
): Promise<void> {
  const started = listed.some(({ shardId }) => checkpoints.get(mappingId, shardId) !== undefined);
  if (started && !startOver) return;
  const latest = mapping.startingPosition === 'LATEST' && !startOver;
  const positions = await Promise.all(
    listed.map(async ({ shardId }) => ({
      shardId,
      position: (latest ? await stream.newest(shardId) : undefined) ?? TRIM_HORIZON,
    })),
  );
  if (signal.aborted) return;
  for (const { shardId, position } of positions) checkpoints.set(mappingId, shardId, position);
}

function positionFrom(stored: string): Position {
  return stored === TRIM_HORIZON ? TRIM_HORIZON : { sequenceNumber: stored };
}
