import type { Cause } from '../meter/cause.ts';
import type { Meter } from '../meter/meter.ts';
import type { FunctionResource } from '../model.ts';

/**
 * What Lambda bills, and CloudWatch Logs of what Lambda writes there: a request and each started
 * millisecond, of init too [DOC since August 2025], times the memory in GB; the lines that functions
 * print, and those that Lambda adds to every invocation.
 *
 * Not known: the memory used, which REPORT names (three digits are assumed), what Node's `console`
 * puts before each line on AWS (time, request id and level), and the JSON log format.
 */
export interface Billed {
  readonly requestId: string;
  /** Milliseconds in the handler. */
  readonly durationMs: number;
  /** Milliseconds with init, where the invocation waited for it. */
  readonly billedMs: number;
  readonly cold: boolean;
}

const MB_PER_GB = 1_024;

export function billInvocation(
  meter: Meter,
  fn: FunctionResource,
  billed: Billed,
  cause: Cause,
): void {
  const gbMs = (fn.memoryMb / MB_PER_GB) * Math.ceil(billed.billedMs);
  meter.add('lambda.requests', fn.path, 1, cause);
  meter.add(`lambda.gbMs.${fn.architecture}`, fn.path, gbMs, cause);
  if (billed.cold) meter.add('lambda.coldStarts', fn.path, 1, cause);
  for (const line of platformLines(fn, billed)) billLine(meter, fn, line, cause);
}

/** A line in the function's log. */
export function billLine(meter: Meter, fn: FunctionResource, line: string, cause: Cause): void {
  const lineBreak = 1;
  meter.add('logs.bytes', fn.path, Buffer.byteLength(line) + lineBreak, cause);
}

/** What Lambda writes of every invocation, in its text format. */
export function platformLines(fn: FunctionResource, billed: Billed): readonly string[] {
  const { requestId, durationMs, billedMs, cold } = billed;
  const report = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${durationMs.toFixed(2)} ms`,
    `Billed Duration: ${Math.ceil(billedMs)} ms`,
    `Memory Size: ${fn.memoryMb} MB`,
    'Max Memory Used: 100 MB',
    ...(cold ? [`Init Duration: ${(billedMs - durationMs).toFixed(2)} ms`] : []),
    '',
  ];
  return [
    ...(cold ? [`INIT_START Runtime Version: nodejs:24.v1\tRuntime Version ARN: ${RUNTIME}`] : []),
    `START RequestId: ${requestId} Version: $LATEST`,
    `END RequestId: ${requestId}`,
    report.join('\t'),
  ];
}

/** As long as the real ones are. */
const RUNTIME = `arn:aws:lambda:us-east-1::runtime:${'0'.repeat(64)}`;
