import type { InvocationResult } from '../invocation.ts';
import type { Cause } from '../meter/cause.ts';
import type { FunctionError } from './function-error.ts';
import type { SandboxResult } from './sandbox.ts';

/** Bytes of an event, as JSON, when the invoker waits for the answer. */
export const requestLimitBytes = 6 * 1024 * 1024;
/** Bytes of an answer: AWS allows 100 more than for the event. */
const responseLimitBytes = requestLimitBytes + 100;

/** Invokes a function by name or ARN under a request id, whoever asked; `cause` as in `Invoker`. */
export type InvokeAs = (
  requestId: string,
  nameOrArn: string,
  event: unknown,
  cause?: Cause,
) => Promise<InvocationResult>;

type FailedInvocation = Extract<InvocationResult, { outcome: 'failed' }>;

/** An invocation that ended with this error. */
export function failed(
  requestId: string,
  error: FunctionError,
  timedOut = false,
): FailedInvocation {
  return { outcome: 'failed', requestId, ...error, timedOut };
}

/** The error of an event, as JSON, that is too large to be handed over. */
export function requestTooLarge(payload: string): FunctionError | undefined {
  if (Buffer.byteLength(payload) <= requestLimitBytes) return undefined;
  return {
    errorType: 'RequestEntityTooLarge',
    errorMessage: `Request must be smaller than ${requestLimitBytes} bytes for the InvokeFunction operation`,
  };
}

/** What a sandbox said, as invokers see it: the payload is parsed, and nothing became null. */
export function invocationResult(
  requestId: string,
  result: SandboxResult,
): Extract<InvocationResult, { outcome: 'returned' | 'failed' }> {
  if (result.outcome === 'failed') return failed(requestId, result.error, result.timedOut);
  const payload = result.payload ?? 'null';
  if (Buffer.byteLength(payload) > responseLimitBytes) {
    return failed(requestId, {
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: `Response payload size exceeded maximum allowed payload size (${responseLimitBytes} bytes).`,
    });
  }
  return { outcome: 'returned', requestId, payload: JSON.parse(payload) as unknown };
}
