/**
 * Records of a shard that must stay in order, gathered into batches of which one is under way at a
 * time. A shard has one lane, or as many as its parallelization factor; then an item's records, and
 * only those, share a lane (AWS keeps the order "at the item level").
 *
 * A batch leaves when it is full, in records or in bytes, or when the batching window ends; without
 * a window, as soon as there are records. Windows follow one another from the end of the last batch.
 */
import type { Clock } from '../clock.ts';
import type { StreamRecord } from './stream.ts';

/** Lambda's limit for the event of a synchronous invocation, in bytes. */
export const MAX_PAYLOAD_BYTES = 6 * 1024 * 1024;

/** `{"Records":[` and `]}`. */
const ENVELOPE_BYTES = 14;

export interface Lane {
  /** Records that were read together, in order. */
  add(records: readonly StreamRecord[]): void;
  /** Is a batch under way? */
  busy(): boolean;
}

export interface LaneOptions {
  /** Records. */
  readonly batchSize: number;
  /** Length of the batching window. Milliseconds; 0 is none. */
  readonly windowMs: number;
  readonly clock: Clock;
  /** Ends the lane: no batch begins after this. */
  readonly signal: AbortSignal;
  /** Works one batch off; the next one waits for it. */
  run(records: readonly StreamRecord[]): Promise<void>;
  /** After every batch, when the next one has begun if there is one. */
  worked(): void;
}

interface Sized {
  readonly record: StreamRecord;
  readonly bytes: number;
}

export function startLane({ batchSize, windowMs, clock, signal, ...options }: LaneOptions): Lane {
  let waiting: readonly Sized[] = [];
  let busy = false;
  let windowsFrom = clock.now();
  let cancelWindow: (() => void) | undefined;

  const begin = () => {
    cancelWindow?.();
    cancelWindow = undefined;
    const length = batchLength(waiting, batchSize);
    const batch = waiting.slice(0, length).map(({ record }) => record);
    waiting = waiting.slice(length);
    busy = true;
    void options.run(batch).then(() => {
      busy = false;
      windowsFrom = clock.now();
      pump();
      options.worked();
    });
  };
  const pump = () => {
    if (busy || waiting.length === 0 || signal.aborted) return;
    const length = batchLength(waiting, batchSize);
    if (windowMs === 0 || length === batchSize || length < waiting.length) begin();
    else cancelWindow ??= clock.after(windowMs - ((clock.now() - windowsFrom) % windowMs), begin);
  };
  signal.addEventListener('abort', () => cancelWindow?.());

  return {
    add(records) {
      waiting = [...waiting, ...records.map(sized)];
      pump();
    },
    busy: () => busy,
  };
}

function sized(record: StreamRecord): Sized {
  return { record, bytes: Buffer.byteLength(JSON.stringify(record)) };
}

/** How many of the waiting records fit into one batch: at least one, however large. */
function batchLength(waiting: readonly Sized[], batchSize: number): number {
  let bytes = ENVELOPE_BYTES;
  const overflow = waiting.findIndex((next, index) => {
    bytes += next.bytes + 1;
    return index === batchSize || (index > 0 && bytes > MAX_PAYLOAD_BYTES);
  });
  return overflow === -1 ? waiting.length : overflow;
}

/** The lane of a record: the same for all changes of one item. */
export function laneOf(record: StreamRecord, lanes: number): number {
  const key = Object.entries(record.dynamodb.Keys).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return lanes === 1 ? 0 : hash(JSON.stringify(key)) % lanes;
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of Buffer.from(text)) value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  return value;
}
