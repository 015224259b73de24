/**
 * Works one batch off: invokes, asks `decide` what next, and goes on until every record is finished
 * or given up. Nothing else of the lane moves meanwhile, which is how a poison record blocks a shard.
 */
import { randomUUID } from 'node:crypto';

import type { Activity } from '../activity.ts';
import type { Clock } from '../clock.ts';
import type { Invoke } from '../invocation.ts';
import type { Log } from '../log.ts';
import type { EventSourceMappingResource } from '../model.ts';
import { backOffMs, waitOut } from './back-off.ts';
import { decide, splitByAge, type Batch, type GiveUpCondition, type Outcome } from './batch.ts';
import { failureRecord } from './failure-record.ts';
import type { MappingFaults } from './faults.ts';
import type { StreamRecord } from './stream.ts';

export interface BatchContext {
  readonly mapping: EventSourceMappingResource;
  readonly streamArn: string;
  readonly shardId: string;
  readonly invoke: Invoke;
  /** Sends to a queue by ARN. */
  send(queueArn: string, body: string): Promise<void>;
  readonly clock: Clock;
  readonly activity: Activity;
  readonly log: Log;
  readonly faults?: MappingFaults | undefined;
  /** Aborted: what is under way ends unrecorded, and its records come again with the next start. */
  readonly signal: AbortSignal;
  /** These records need nothing more. */
  finished(records: readonly StreamRecord[]): void;
  /** Called with the time of the next try when a wait begins, and with undefined when it ends. */
  backingOff(untilMs: number | undefined): void;
}

/** A batch, or what is left of one, with the end of its last invocation. */
interface Piece extends Batch {
  readonly outcome?: Outcome;
}

interface Step {
  readonly pieces: readonly Piece[];
  /** Nothing got on: wait before the next invocation. */
  readonly wait: boolean;
}

export async function processBatch(
  records: readonly StreamRecord[],
  context: BatchContext,
): Promise<void> {
  const { faults } = context;
  const stallMs = faults?.stallMs?.(context) ?? 0;
  if (stallMs > 0) await waitFor(stallMs, context);
  for (const batch of faults?.beforeInvoke?.(records, context) ?? [records]) {
    await processPieces([{ records: batch, attempt: 1 }], context);
  }
}

async function processPieces(pieces: readonly Piece[], context: BatchContext): Promise<void> {
  let left = pieces;
  let failures = 0;
  while (left.length > 0 && !context.signal.aborted) {
    const before = countOf(left);
    // A wait for the clock is no activity: a test moves the clock when all else is quiet.
    const end = context.activity.begin();
    const step = await nextStep(left, context).finally(end);
    left = step.pieces;
    if (countOf(left) < before) failures = 0;
    if (!step.wait) continue;
    failures += 1;
    await backOff(failures, context);
  }
}

const countOf = (pieces: readonly Piece[]) =>
  pieces.reduce((sum, { records }) => sum + records.length, 0);

async function backOff(failures: number, context: BatchContext): Promise<void> {
  await waitFor(backOffMs(failures), context);
}

async function waitFor(ms: number, context: BatchContext): Promise<void> {
  context.backingOff(context.clock.now() + ms);
  await waitOut(context.clock, ms, context.signal);
  context.backingOff(undefined);
}

async function nextStep(pieces: readonly Piece[], context: BatchContext): Promise<Step> {
  const [piece, ...rest] = pieces;
  if (piece === undefined) return { pieces: rest, wait: false };
  const { expired, fresh } = splitByAge(piece, context.mapping, context.clock.now());
  if (expired.length > 0) {
    const old = { ...piece, records: expired };
    await giveUp(old, 'RecordAgeExceeded', piece.attempt - 1, context);
    return {
      pieces: fresh.records.length > 0 ? [{ ...piece, ...fresh }, ...rest] : rest,
      wait: false,
    };
  }
  const event = { Records: piece.records };
  const outcome = await context.invoke(context.mapping.functionArn, event, { kind: 'authorized' });
  if (context.signal.aborted) return { pieces: [], wait: false };
  return afterInvocation({ ...piece, outcome }, outcome, rest, context);
}

async function afterInvocation(
  piece: Piece,
  outcome: Outcome,
  rest: readonly Piece[],
  context: BatchContext,
): Promise<Step> {
  const next = decide(piece, outcome, context.mapping);
  if (next.next === 'bisect') {
    return { pieces: [...next.halves.map((half) => ({ ...half, outcome })), ...rest], wait: false };
  }
  if (next.next === 'retry') {
    const { records, attempt } = next;
    context.finished(piece.records.filter((record) => !records.includes(record)));
    return { pieces: [{ records, attempt, outcome }, ...rest], wait: true };
  }
  if (next.next === 'give-up') await giveUp(piece, next.condition, piece.attempt, context);
  else context.finished(piece.records);
  return { pieces: rest, wait: false };
}

/** Reports first and moves on after, so that nothing is lost unreported. */
async function giveUp(
  piece: Piece,
  condition: GiveUpCondition,
  invokeCount: number,
  context: BatchContext,
): Promise<void> {
  const { mapping, shardId } = context;
  const body = failureRecord({
    condition,
    functionArn: mapping.functionArn,
    streamArn: context.streamArn,
    shardId,
    records: piece.records,
    invokeCount,
    requestId: piece.outcome?.requestId ?? randomUUID(),
    outcome: piece.outcome,
    nowMs: context.clock.now(),
  });
  const sent = await sendFailureRecord(JSON.stringify(body), context);
  if (context.signal.aborted) return;
  const what = `${mapping.path} gave up ${piece.records.length} record(s) of ${shardId}`;
  const why = `${condition} after ${invokeCount} invocation(s)`;
  context.log(functionName(mapping.functionArn), `${what}: ${why}; ${sent}`);
  context.finished(piece.records);
}

/** AWS drops the failure record too when it cannot be delivered. */
async function sendFailureRecord(body: string, context: BatchContext): Promise<string> {
  const { onFailureArn } = context.mapping;
  if (onFailureArn === undefined) return 'it has no on-failure destination';
  try {
    await context.send(onFailureArn, body);
    return `reported to ${onFailureArn}`;
  } catch (error) {
    return `not reported to ${onFailureArn}: ${error instanceof Error ? error.message : 'failed'}`;
  }
}

/** The name in a function's ARN, which may end in a version or alias. */
export function functionName(arn: string): string {
  return arn.split(':')[6] ?? arn;
}
