import { describe, expect, test } from 'vitest';

import {
  createDynamoDb,
  DynamoDbError,
  isConditionFailed,
} from '../../../../lambdas/core/aws/dynamodb.ts';
import { createEndpoint } from '../../../../lambdas/core/aws/endpoint.ts';
import { type Answer, serve } from './http-server.ts';

const refusal = (name: string, message = 'why', fields: object = {}) => ({
  status: 400,
  body: { __type: `com.amazonaws.dynamodb.v20120810#${name}`, message, ...fields },
});
const ok = (body: object = {}) => ({ status: 200, body });

/** A DynamoDB that gives these answers, and what came of one call. */
async function call(...answers: readonly Answer[]) {
  const server = await serve(...answers);
  const db = createDynamoDb(
    createEndpoint({
      url: server.url,
      service: 'dynamodb',
      maxSockets: 4,
      credentials: { accessKeyId: 'AKID', secretAccessKey: 'secret' },
    }),
  );
  const outcome = await db
    .call('PutItem', { TableName: 'T' })
    .catch((error: unknown) => error as DynamoDbError);
  return { outcome, received: server.received };
}

test('calls an operation by its target, in JSON 1.0', async () => {
  const { outcome, received } = await call(ok({ Attributes: { n: { N: '1' } } }));
  expect(outcome).toEqual({ Attributes: { n: { N: '1' } } });
  expect(received).toMatchObject([
    {
      method: 'POST',
      path: '/',
      body: '{"TableName":"T"}',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': 'DynamoDB_20120810.PutItem',
      },
    },
  ]);
});

describe('a call is tried again', () => {
  test.each([
    ['a fault on AWS’s side', refusal('InternalServerError')],
    ['a fault without JSON', { status: 503, body: '<html>unavailable</html>' }],
    ['a fault without a body', { status: 500 }],
    ['a throttled table', refusal('ProvisionedThroughputExceededException')],
    ['a throttled account', refusal('RequestLimitExceeded')],
    ['a throttled call', { status: 400, body: { __type: 'ThrottlingException' } }],
    ['another transaction', refusal('TransactionConflictException')],
    ['the same transaction under way', refusal('TransactionInProgressException')],
    [
      'a transaction cancelled for meeting another',
      refusal('TransactionCanceledException', 'reasons [None, TransactionConflict]'),
    ],
    [
      'a transaction cancelled for a throttle',
      refusal('TransactionCanceledException', 'reasons [ThrottlingError, None]'),
    ],
    ['a dropped connection', 'drop'],
    ['an answer that is cut short', { status: 200, body: '{"Attributes":' }],
  ] as const)('after %s', async (_what, answer) => {
    const { outcome, received } = await call(answer, ok());
    expect(outcome).toEqual({});
    expect(received.map(({ body }) => body)).toEqual(Array(2).fill('{"TableName":"T"}'));
  });

  test('up to four times in all, and then fails with the last answer', async () => {
    const busy = refusal('ThrottlingException');
    const { outcome, received } = await call(busy, busy, busy, { status: 502 }, ok());
    expect(received).toHaveLength(4);
    expect(outcome).toMatchObject({ name: 'Status502', message: '' });
  });

  test('up to four times in all when every connection is dropped', async () => {
    const { outcome, received } = await call('drop', 'drop', 'drop', 'drop', ok());
    expect(received).toHaveLength(4);
    expect(outcome).toMatchObject({ message: 'socket hang up' });
  });
});

describe('a call fails at once', () => {
  test.each([
    ['ConditionalCheckFailedException', 'The conditional request failed'],
    ['ValidationException', 'Invalid KeyConditionExpression'],
    ['AccessDeniedException', 'not authorized'],
    ['ResourceNotFoundException', 'Requested resource not found'],
    ['TransactionCanceledException', 'reasons [ConditionalCheckFailed, None]'],
    ['TransactionCanceledException', 'reasons [ConditionalCheckFailed, TransactionConflict]'],
  ])('with %s: %s', async (name, message) => {
    const { outcome, received } = await call(refusal(name, message), ok());
    expect(outcome).toBeInstanceOf(DynamoDbError);
    expect(outcome).toMatchObject({ name, message, item: undefined });
    expect(received).toHaveLength(1);
  });

  test('with the message, however DynamoDB spells its key', async () => {
    const { outcome } = await call({ status: 400, body: { __type: 'E', Message: 'why' } });
    expect(outcome).toMatchObject({ name: 'E', message: 'why' });
  });
});

describe('a failed condition', () => {
  test('brings the item as it is, if it was asked for', async () => {
    const Item = { tat: { N: '5' } };
    const { outcome } = await call(refusal('ConditionalCheckFailedException', 'why', { Item }));
    expect(isConditionFailed(outcome)).toBe(true);
    expect(outcome).toMatchObject({ item: Item });
  });

  test.each([
    [true, new DynamoDbError('ConditionalCheckFailedException', '', undefined)],
    [
      true,
      new DynamoDbError(
        'TransactionCanceledException',
        '[None, ConditionalCheckFailed]',
        undefined,
      ),
    ],
    [false, new DynamoDbError('TransactionCanceledException', '[TransactionConflict]', undefined)],
    [false, new DynamoDbError('ValidationException', 'ConditionalCheckFailed', undefined)],
    [false, new Error('ConditionalCheckFailedException')],
    [false, undefined],
  ])('is told from any other error: %s for %s', (expected, error) => {
    expect(isConditionFailed(error)).toBe(expected);
  });
});
