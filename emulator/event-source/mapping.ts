/**
 * A Lambda event source mapping on a DynamoDB stream: reads every shard, filters, gathers batches,
 * invokes the function and keeps its position, as AWS documents and as was recorded there.
 *
 * - Records of one shard come in order, one batch at a time; with a parallelization factor the order
 *   holds for each item only. Parent shards are finished before their children.
 * - At least once: what was under way when the mapping ended comes again.
 * - A failing batch stops its lane until it succeeds or is given up (see `batch.ts`); then a failure
 *   record goes to the on-failure queue and the lane goes on.
 *
 * Not here: tumbling windows, SNS and S3 destinations, maximum concurrency, and the minutes AWS takes
 * to create a mapping.
 */
import { setMaxListeners } from 'node:events';

import type { Checkpoints } from './checkpoints.ts';
import { functionName } from './process-batch.ts';
import { mappingProblem, patternsOf } from './settings.ts';
import { startShards, type Shards, type ShardsOptions } from './shards.ts';
import type { ShardState } from './shard.ts';

/** Milliseconds between two polls of a shard: AWS's base rate is four a second. */
const POLL_MS = 250;

export interface MappingOptions extends Pick<
  ShardsOptions,
  'mapping' | 'stream' | 'invoke' | 'send' | 'clock' | 'activity' | 'log' | 'faults'
> {
  readonly checkpoints: Checkpoints;
  /** Why AWS would not have made the mapping, beside what it says itself. */
  readonly refusal?: string;
  /** Filters that a mapping may have; default 5. */
  readonly filterLimit?: number;
  /** Default 250. With 0 every `wake` polls at once, and a slow poll goes on beside it. */
  readonly pollMs?: number;
  /** Shortens (or stretches) the batching window by this factor. Default 1. */
  readonly windowScale?: number;
  /** For the phase of the polls. Default `Math.random`. */
  readonly random?: () => number;
}

export interface Mapping {
  /** Resolves when the starting positions are fixed: what is written from now on is not missed. */
  readonly ready: Promise<void>;
  /** Somebody wrote to the table. */
  wake(): void;
  /**
   * Resolves when a poll that began after the last `wake` found nothing and all is finished. A retry
   * that waits for the clock is not quiet: look at `state` when this does not resolve.
   */
  quiet(): Promise<void>;
  state(): MappingState;
  /** How far behind: records read and not finished, and milliseconds since the oldest was written. */
  lag(): { readonly records: number; readonly ageMs: number };
  /** Starts over with the oldest record there is, as if the mapping had been replaced. */
  replay(from: 'TRIM_HORIZON'): void;
  /** Ends at once; an invocation under way goes on, but nothing comes of it. */
  close(): void;
}

export interface MappingState {
  /** `off`: disabled, or AWS would have refused it (`problem` says why). */
  readonly status: 'on' | 'off' | 'closed';
  readonly problem?: string;
  /** The shards being read, without those that are done or wait for their parent. */
  readonly shards: readonly ShardState[];
}

interface Run {
  readonly shards: Shards;
  readonly ending: AbortController;
}

export function startMapping(options: MappingOptions): Mapping {
  const { mapping, log, pollMs = POLL_MS, random = Math.random } = options;
  const refusal = options.refusal && `${mapping.path}: ${options.refusal}`;
  const problem = mappingProblem(mapping, options.filterLimit) ?? refusal;
  const on = mapping.enabled && problem === undefined;
  if (problem !== undefined) log(functionName(mapping.functionArn), problem);
  let waiting: readonly { readonly holds: () => boolean; readonly resolve: () => void }[] = [];
  let closed = false;

  const changed = () => {
    const now = waiting.filter(({ holds }) => holds());
    waiting = waiting.filter((one) => !now.includes(one));
    for (const { resolve } of now) resolve();
  };
  const until = async (holds: () => boolean) => {
    if (holds()) return;
    await new Promise<void>((resolve) => {
      waiting = [...waiting, { holds, resolve }];
    });
  };
  const start = (startOver: boolean): Run => {
    const ending = new AbortController();
    // Every lane and every back-off listens.
    setMaxListeners(0, ending.signal);
    const patterns = patternsOf(mapping);
    const { signal } = ending;
    const run = { ...options, pollMs, random, patterns, startOver, signal, changed };
    return { ending, shards: startShards(run) };
  };
  let run = on ? start(false) : undefined;
  const states = () => run?.shards.open().map((shard) => shard.state()) ?? [];

  return {
    ready: until(() => closed || run === undefined || run.shards.positioned()),
    wake: () => run?.shards.wake(),
    quiet: () => until(() => closed || run === undefined || run.shards.quiet()),
    state: () => ({
      status: closed ? 'closed' : on ? 'on' : 'off',
      ...(problem !== undefined && { problem }),
      shards: states(),
    }),
    lag: () => ({
      records: states().reduce((sum, { held }) => sum + held, 0),
      ageMs: Math.max(0, ...states().map(({ oldestAgeMs }) => oldestAgeMs)),
    }),
    replay(from) {
      void from;
      if (closed || run === undefined) return;
      run.ending.abort();
      run = start(true);
    },
    close() {
      closed = true;
      run?.ending.abort();
      changed();
    },
  };
}
