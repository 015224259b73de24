/**
 * What SQS answers to a request it refuses. SDKs know an error by its type in the body or by its old
 * code of the query protocol in `x-amzn-query-error`, so both are sent.
 */
import { randomUUID } from 'node:crypto';

import type { ServiceResponse } from '../service.ts';

export interface SqsError {
  /** With its namespace, e.g. `com.amazonaws.sqs#QueueDoesNotExist`. */
  readonly type: string;
  readonly status: number;
  /** E.g. `AWS.SimpleQueueService.NonExistentQueue`. */
  readonly queryCode: string;
  readonly message: string;
}

const OLD_NAMESPACE = 'AWS.SimpleQueueService';

function sqsError(name: string, queryCode: string, message: string, status = 400): SqsError {
  return { type: `com.amazonaws.sqs#${name}`, status, queryCode, message };
}

/** Errors of requests in general are not the queue service's own. */
function requestError(name: string, queryCode: string, message: string, status = 400): SqsError {
  return { type: `com.amazon.coral.service#${name}`, status, queryCode, message };
}

export const queueDoesNotExist = (): SqsError =>
  sqsError(
    'QueueDoesNotExist',
    `${OLD_NAMESPACE}.NonExistentQueue`,
    'The specified queue does not exist.',
  );

export const receiptHandleIsInvalid = (handle: string): SqsError =>
  sqsError(
    'ReceiptHandleIsInvalid',
    'ReceiptHandleIsInvalid',
    `The input receipt handle "${handle}" is not a valid receipt handle.`,
    404,
  );

export const messageNotInflight = (): SqsError =>
  sqsError(
    'MessageNotInflight',
    `${OLD_NAMESPACE}.MessageNotInflight`,
    'The message referred to is not in flight.',
  );

/** A batch that cannot be taken as a whole; `name` is also its old code. */
export const batchError = (name: string, message: string): SqsError =>
  sqsError(name, `${OLD_NAMESPACE}.${name}`, message);

export const missingParameter = (name: string): SqsError =>
  requestError(
    'MissingRequiredParameterException',
    'MissingParameter',
    `The request must contain the parameter ${name}.`,
  );

export const invalidParameter = (message: string): SqsError =>
  requestError('InvalidParameterValueException', 'InvalidParameterValue', message);

export const unknownOperation = (operation: string): SqsError =>
  requestError(
    'UnknownOperationException',
    'InvalidAction',
    `The action ${operation} is not valid for this endpoint.`,
  );

export const accessDenied = (message: string): SqsError =>
  requestError('AccessDeniedException', 'AccessDenied', message, 403);

export function errorResponse({ type, status, queryCode, message }: SqsError): ServiceResponse {
  const { headers } = answer({});
  return {
    status,
    headers: { ...headers, 'x-amzn-query-error': `${queryCode};Sender` },
    body: JSON.stringify({ __type: type, message }),
  };
}

/** The answer to a request that was taken. */
export function answer(body: object): ServiceResponse & { readonly body: string } {
  return {
    status: 200,
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': randomUUID() },
    body: JSON.stringify(body),
  };
}
