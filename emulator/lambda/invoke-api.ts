import { randomUUID } from 'node:crypto';

import type { Principal } from '../iam/principal.ts';
import { authorize } from '../iam/authorize.ts';
import type { InvocationResult } from '../invocation.ts';
import type { Log } from '../log.ts';
import type { FunctionResource } from '../model.ts';
import { serviceError, type Service, type ServiceResponse } from '../service.ts';
import type { AsyncInvocations } from './async-invocations.ts';
import { functionName } from './function-name.ts';
import { type InvokeAs, requestLimitBytes } from './invocation-result.ts';

/**
 * Lambda's Invoke API, `POST /2015-03-31/functions/{name or ARN}/invocations`: waits for the answer,
 * only queues the event (`Event`), or only checks that the caller may (`DryRun`). The order is AWS's:
 * IAM, the function, the payload, concurrency. Not copied: every other call of the Lambda API, the tail
 * of the log in the answer, qualifiers (there is only `$LATEST`).
 */
export interface InvokeApiOptions {
  readonly functions: readonly FunctionResource[];
  readonly region: string;
  readonly account: string;
  readonly log: Log;
  readonly invokeAs: InvokeAs;
  readonly queue: AsyncInvocations;
}

/** Bytes of an event nobody waits for; 256 KB until October 2025. */
const eventLimitBytes = 1024 * 1024;

const invocationPath = /^\/2015-03-31\/functions\/([^/?]+)\/invocations(?:\?.*)?$/;

export function createInvokeApi(options: InvokeApiOptions): Service {
  const functions = new Map(options.functions.map((fn) => [fn.name, fn]));
  return async ({ method, path, headers, body, principal }) => {
    const [, encoded] = invocationPath.exec(path) ?? [];
    if (encoded === undefined || method !== 'POST') {
      return serviceError(404, 'UnknownOperationException', `Not emulated: ${method} ${path}`);
    }
    const name = functionName(decodeURIComponent(encoded));
    const arn = `arn:aws:lambda:${options.region}:${options.account}:function:${name}`;
    const refusal = mayInvoke(principal, arn, options.log);
    if (refusal !== undefined) return refusal;
    const fn = functions.get(name);
    if (fn === undefined) {
      return serviceError(404, 'ResourceNotFoundException', `Function not found: ${arn}`);
    }
    const type = headers['x-amz-invocation-type'] ?? 'RequestResponse';
    const event = parseEvent(body, type === 'Event' ? eventLimitBytes : requestLimitBytes);
    if ('refused' in event) return event.refused;

    const requestId = randomUUID();
    if (type === 'DryRun') return { status: 204 };
    const cause = principal.kind === 'role' ? principal.cause : undefined;
    if (type !== 'Event')
      return answer(await options.invokeAs(requestId, name, event.value, cause));
    return options.queue.send({ requestId, fn, event: event.value, cause })
      ? { status: 202, headers: { 'x-amzn-requestid': requestId }, body: '' }
      : throttled();
  };
}

function mayInvoke(principal: Principal, arn: string, log: Log): ServiceResponse | undefined {
  const verdict = authorize(principal, 'lambda:InvokeFunction', arn);
  if (verdict.allowed) return undefined;
  log('emulator', `${verdict.message}; missing: ${verdict.hint}`);
  return serviceError(403, 'AccessDeniedException', verdict.message);
}

type ParsedEvent = { readonly value: unknown } | { readonly refused: ServiceResponse };

function parseEvent(body: Buffer, limitBytes: number): ParsedEvent {
  if (body.length > limitBytes) {
    const message = `Request must be smaller than ${limitBytes} bytes for the InvokeFunction operation`;
    return { refused: serviceError(413, 'RequestTooLargeException', message) };
  }
  try {
    // No payload at all reaches the handler as an empty object.
    return { value: body.length === 0 ? {} : JSON.parse(body.toString()) };
  } catch {
    const message = 'Could not parse request body into json';
    return { refused: serviceError(400, 'InvalidRequestContentException', message) };
  }
}

function throttled(): ServiceResponse {
  return serviceError(429, 'TooManyRequestsException', 'Rate Exceeded.');
}

function answer(result: InvocationResult): ServiceResponse {
  const headers = {
    'content-type': 'application/json',
    'x-amzn-requestid': result.requestId,
    'x-amz-executed-version': '$LATEST',
  };
  switch (result.outcome) {
    case 'returned':
      return { status: 200, headers, body: JSON.stringify(result.payload) };
    case 'failed': {
      const { errorType, errorMessage, trace } = result;
      return {
        status: 200,
        headers: { ...headers, 'x-amz-function-error': 'Unhandled' },
        body: JSON.stringify({ errorType, errorMessage, trace }),
      };
    }
    case 'throttled':
      return throttled();
    case 'missing':
      return serviceError(404, 'ResourceNotFoundException', 'Function not found');
    default:
      return result satisfies never;
  }
}
