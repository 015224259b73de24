import type { InvocationResult } from '../invocation.ts';
import type { EndedEvent } from './async-invocations.ts';

/**
 * What Lambda says of an asynchronous event that has ended: the record for a destination, and the
 * attributes under which the event itself goes to a dead-letter queue.
 *
 * How a record looks when the function was never reached is not recorded; here it then has no response.
 */

/** The record, before it becomes JSON; `nowMs` since the epoch. */
export function destinationRecord(ended: EndedEvent, nowMs: number): object {
  const { requestId, fn, condition, invokeCount, event, result } = ended;
  return {
    version: '1.0',
    timestamp: new Date(nowMs).toISOString(),
    requestContext: {
      requestId,
      functionArn: `${fn.arn}:$LATEST`,
      condition,
      approximateInvokeCount: invokeCount,
    },
    requestPayload: event,
    ...response(result),
  };
}

function response(result: InvocationResult): object {
  const context = { statusCode: 200, executedVersion: '$LATEST' };
  if (result.outcome === 'returned') {
    return { responseContext: context, responsePayload: result.payload };
  }
  if (result.outcome !== 'failed') return {};
  const { errorType, errorMessage, trace } = result;
  return {
    responseContext: { ...context, functionError: 'Unhandled' },
    responsePayload: { errorType, errorMessage, trace },
  };
}

/** Bytes of the error's message in a dead-letter queue. */
export const ERROR_MESSAGE_LIMIT_BYTES = 1_024;

/** As SQS has message attributes. */
export function deadLetterAttributes({
  requestId,
  result,
}: EndedEvent): Readonly<
  Record<string, { readonly DataType: string; readonly StringValue: string }>
> {
  const [code, message] =
    result.outcome === 'failed' ? ['200', result.errorMessage] : ['429', 'Rate Exceeded.'];
  return {
    RequestID: { DataType: 'String', StringValue: requestId },
    ErrorCode: { DataType: 'Number', StringValue: code },
    ErrorMessage: { DataType: 'String', StringValue: cut(message, ERROR_MESSAGE_LIMIT_BYTES) },
  };
}

/** The beginning of a text, in whole characters. */
function cut(text: string, bytes: number): string {
  const kept = Buffer.from(text).subarray(0, bytes);
  return new TextDecoder().decode(kept, { stream: true });
}
