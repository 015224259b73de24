/**
 * One shard of a stream as one mapping works it off: a reader, the lanes that invoke, and a checkpoint
 * that moves up to what is finished.
 */
import { laneOf, startLane } from './lane.ts';
import { startPoller } from './poller.ts';
import { processBatch, type BatchContext } from './process-batch.ts';
import { createProgress } from './progress.ts';
import { createShardReader, READ_LIMIT, type ShardReaderOptions } from './shard-reader.ts';
import { ageMs } from './stream.ts';

/** With `pollMs` 0 a shard is read when woken, and this often in case nobody says so. */
const SAFETY_POLL_MS = 1000;

export interface ShardOptions
  extends
    Omit<BatchContext, 'finished' | 'backingOff'>,
    Pick<ShardReaderOptions, 'stream' | 'position' | 'patterns'> {
  /** 0: at once, when woken. */
  readonly pollMs: number;
  readonly windowScale?: number | undefined;
  readonly random: () => number;
  /** All records up to this number are finished. */
  checkpoint(sequenceNumber: string): void;
  /** Whenever `quiet` or `done` may have become true. */
  changed(): void;
}

export interface Shard {
  wake(): void;
  /** Everything written before the last wake is finished. */
  quiet(): boolean;
  /** The shard is closed, read to its end, and all is finished: its children may begin. */
  done(): boolean;
  state(): ShardState;
}

export interface ShardState {
  readonly shardId: string;
  /** Records read and not finished yet. */
  readonly held: number;
  /** Milliseconds since the oldest of them was written; 0 when there are none. */
  readonly oldestAgeMs: number;
  /** Batches under way, those in back-off included. */
  readonly batches: number;
  /** While batches wait for their retry: the earliest time of one, in epoch milliseconds. */
  readonly retryAtMs?: number;
}

export function startShard(options: ShardOptions): Shard {
  const { mapping, shardId, signal, clock, pollMs } = options;
  const factor = mapping.parallelizationFactor;
  const progress = createProgress();
  const retries = new Map<number, number>();
  const moveCheckpoint = () => {
    const reached = progress.checkpoint();
    if (reached !== undefined && !signal.aborted) options.checkpoint(reached);
  };
  const worked = () => {
    poller.resume();
    options.changed();
  };
  const lanes = Array.from({ length: factor }, (_, lane) => {
    const context: BatchContext = {
      ...options,
      finished(records) {
        progress.finish(records);
        moveCheckpoint();
      },
      backingOff(untilMs) {
        if (untilMs === undefined) retries.delete(lane);
        else retries.set(lane, untilMs);
      },
    };
    const run: BatchRun = (records) => processBatch(records, context);
    const windowMs = mapping.batchingWindowSeconds * 1_000 * (options.windowScale ?? 1);
    return startLane({ ...mapping, windowMs, clock, signal, run, worked });
  });
  const read = createShardReader({
    ...options,
    progress,
    mostHeld: factor * Math.max(mapping.batchSize, READ_LIMIT),
    deliver(records) {
      const byLane = Map.groupBy(records, (record) => laneOf(record, factor));
      for (const [index, own] of byLane) lanes[index]?.add(own);
    },
  });
  const poller = startPoller({
    ...options,
    poll: () => read().finally(moveCheckpoint),
    eager: pollMs === 0,
    everyMs: pollMs === 0 ? SAFETY_POLL_MS : pollMs,
    // A random phase, so that the shards of a cloud are not all read at one moment.
    firstAfterMs: pollMs * options.random(),
    failed(error) {
      options.log('emulator', `${mapping.path}: cannot read ${shardId}: ${String(error)}`);
    },
  });
  const idle = () => progress.held() === 0 && !lanes.some((lane) => lane.busy());
  return {
    wake: () => poller.wake(),
    quiet: () => poller.upToDate() && idle(),
    done: () => poller.ended() && idle(),
    state() {
      const oldest = progress.oldest();
      return {
        shardId,
        held: progress.held(),
        oldestAgeMs: oldest === undefined ? 0 : ageMs(oldest, clock.now()),
        batches: lanes.filter((lane) => lane.busy()).length,
        ...(retries.size > 0 && { retryAtMs: Math.min(...retries.values()) }),
      };
    },
  };
}

type BatchRun = Parameters<typeof startLane>[0]['run'];
