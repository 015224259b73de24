import type { FunctionResource } from '../model.ts';
import type { Run } from './run-in-sandbox.ts';

/** One invocation that ran, for people and tests to look at. */
export interface InvocationRecord {
  /** The function's name. */
  readonly function: string;
  readonly requestId: string;
  /** Milliseconds since the epoch, by the cloud's clock. */
  readonly startedAt: number;
  /** Milliseconds in the handler, without init. */
  readonly durationMs: number;
  readonly outcome: 'returned' | 'failed';
  /** The sandbox was started for it. */
  readonly cold: boolean;
  /** Of the event, as JSON. */
  readonly eventBytes: number;
  /** Why it failed: `Type: message`. */
  readonly error?: string;
  /** What the function printed meanwhile, line by line. */
  readonly logs: readonly string[];
}

/** Records that are kept; older ones are forgotten. */
export const recordLimit = 1_000;

export interface InvocationRecords {
  add(record: InvocationRecord): void;
  /** Oldest first. */
  list(): readonly InvocationRecord[];
}

export function createInvocationRecords(): InvocationRecords {
  const ring: InvocationRecord[] = [];
  let oldest = 0;
  return {
    add(record) {
      if (ring.length < recordLimit) {
        ring.push(record);
        return;
      }
      ring[oldest] = record;
      oldest = (oldest + 1) % recordLimit;
    },
    list: () => [...ring.slice(oldest), ...ring.slice(0, oldest)],
  };
}

/** The record of an invocation that has ended. */
export function recordOf(
  { name }: FunctionResource,
  { result, durationMs, cold }: Run,
  asked: Pick<InvocationRecord, 'requestId' | 'startedAt' | 'logs'> & { readonly payload: string },
): InvocationRecord {
  const { payload, ...rest } = asked;
  const { outcome } = result;
  const eventBytes = Buffer.byteLength(payload);
  return { ...rest, function: name, durationMs, outcome, cold, eventBytes, ...errorOf(result) };
}

const errorOf = (result: Run['result']) =>
  result.outcome === 'failed' ? { error: `${result.errorType}: ${result.errorMessage}` } : {};
