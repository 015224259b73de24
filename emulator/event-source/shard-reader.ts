/**
 * Reads one shard from a position on, page by page: drops what the filters refuse and hands on the
 * rest. A record that is filtered out moves the position like any other.
 */
import { matches, type Pattern } from './filter.ts';
import type { Found } from './poller.ts';
import type { Progress } from './progress.ts';
import { sequenceNumberOf } from './stream.ts';
import type { Position, StreamRecord, TableStream } from './stream.ts';

/** What one read brings at most, in records: the limit of GetRecords. */
export const READ_LIMIT = 1000;

export interface ShardReaderOptions {
  readonly stream: TableStream;
  readonly shardId: string;
  readonly position: Position;
  /** A record passes when any matches, or when there are none. */
  readonly patterns: readonly Pattern[];
  readonly progress: Progress;
  /** With so many unfinished records nothing more is read. */
  readonly mostHeld: number;
  readonly signal: AbortSignal;
  /** Takes what passed of one page, in order. */
  deliver(records: readonly StreamRecord[]): void;
}

/** The answer reads one page. */
export function createShardReader(options: ShardReaderOptions): () => Promise<Found> {
  const { stream, shardId, patterns, progress, signal } = options;
  let position = options.position;

  const take = (records: readonly StreamRecord[]) => {
    const passed: StreamRecord[] = [];
    for (const record of records) {
      if (patterns.length === 0 || patterns.some((pattern) => matches(pattern, record))) {
        passed.push(record);
        progress.hold(record);
      } else progress.pass(sequenceNumberOf(record));
    }
    options.deliver(passed);
  };
  return async () => {
    if (progress.held() >= options.mostHeld) return 'blocked';
    const { records, last, ended } = await stream.read(shardId, position, READ_LIMIT);
    if (signal.aborted) return 'nothing';
    take(records);
    const newest = records.at(-1);
    const reached = last ?? (newest && sequenceNumberOf(newest));
    const moved = reached !== undefined && !isAt(position, reached);
    if (moved) {
      position = { sequenceNumber: reached };
      progress.pass(reached);
    }
    if (ended) return 'ended';
    if (!moved) return 'nothing';
    return records.length >= READ_LIMIT ? 'more' : 'some';
  };
}

function isAt(position: Position, sequenceNumber: string): boolean {
  return position !== 'TRIM_HORIZON' && position.sequenceNumber === sequenceNumber;
}
