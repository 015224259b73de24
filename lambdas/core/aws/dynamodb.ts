import { setTimeout as sleep } from 'node:timers/promises';

import { createEndpoint, type Endpoint, serviceUrl } from './endpoint.ts';

/**
 * DynamoDB's JSON API, as much of it as the functions use. Attribute values stay as DynamoDB writes
 * them (`{ S: 'text' }`): each row's shape is spelled out once, beside its keys (`rows.ts`).
 */
export type AttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly SS: readonly string[] }
  | { readonly BOOL: boolean };

export type Item = Readonly<Record<string, AttributeValue>>;

export interface DynamoDb {
  /** Calls an operation such as `PutItem`; throws `DynamoDbError` for what DynamoDB refuses. */
  call(operation: 'GetItem', input: object): Promise<{ readonly Item?: Item }>;
  call(
    operation: 'UpdateItem' | 'PutItem' | 'DeleteItem',
    input: object,
  ): Promise<{ readonly Attributes?: Item }>;
  call(
    operation: 'Query' | 'Scan',
    input: object,
  ): Promise<{ readonly Items?: readonly Item[]; readonly LastEvaluatedKey?: Item }>;
  call(
    operation: 'BatchWriteItem',
    input: object,
  ): Promise<{ readonly UnprocessedItems?: Readonly<Record<string, readonly object[]>> }>;
  call(
    operation: 'BatchGetItem',
    input: object,
  ): Promise<{
    readonly Responses?: Readonly<Record<string, readonly Item[]>>;
    readonly UnprocessedKeys?: Readonly<Record<string, { readonly Keys: readonly Item[] }>>;
  }>;
  call(operation: 'TransactWriteItems', input: object): Promise<object>;
}

export class DynamoDbError extends Error {
  override readonly name: string;
  /** With a failed condition, the item as it is, if it was asked for. */
  readonly item: Item | undefined;

  constructor(name: string, message: string, item: Item | undefined) {
    super(message);
    this.name = name;
    this.item = item;
  }
}

/** True when a condition failed, alone or as the reason a transaction was cancelled. */
export const isConditionFailed = (error: unknown): error is DynamoDbError =>
  error instanceof DynamoDbError &&
  (error.name === 'ConditionalCheckFailedException' ||
    (error.name === 'TransactionCanceledException' &&
      error.message.includes('ConditionalCheckFailed')));

/** One attempt's limit: ten times DynamoDB's own slowest usual answer. */
const ATTEMPT_TIMEOUT_MS = 2_000;
const ATTEMPTS = 4;
/** Full jitter: the n-th wait is anything up to this times 2ⁿ. */
const BACKOFF_MS = 25;

const RETRYABLE = new Set([
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
  'InternalServerError',
  'TransactionInProgressException',
  'TransactionConflictException',
]);

interface ErrorBody {
  readonly __type?: string;
  readonly message?: string;
  readonly Message?: string;
  readonly Item?: Item;
}

function toError(status: number, body: string): DynamoDbError {
  let answered: ErrorBody = {};
  try {
    answered = JSON.parse(body) as ErrorBody;
  } catch {
    // A 5xx of something in between need not be JSON; its status says enough.
  }
  const name = answered.__type?.split('#').at(-1) ?? `Status${status}`;
  return new DynamoDbError(name, answered.message ?? answered.Message ?? '', answered.Item);
}

/** A cancelled transaction is worth another try only when it met another one, not a condition. */
const isRetryable = (status: number, { name, message }: DynamoDbError) =>
  status >= 500 ||
  RETRYABLE.has(name) ||
  (name === 'TransactionCanceledException' &&
    /TransactionConflict|ThrottlingError|ProvisionedThroughputExceeded/.test(message) &&
    !message.includes('ConditionalCheckFailed'));

/** A write may be tried again after its answer was lost: every one of ours is idempotent. */
export function createDynamoDb(
  endpoint: Endpoint = createEndpoint({
    url: serviceUrl('dynamodb'),
    service: 'dynamodb',
    maxSockets: 64,
  }),
): DynamoDb {
  const attempt = async (operation: string, body: string) => {
    const { status, body: answered } = await endpoint.request({
      method: 'POST',
      path: '/',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDB_20120810.${operation}`,
      },
      body,
      timeoutMs: ATTEMPT_TIMEOUT_MS,
    });
    if (status === 200) return { output: JSON.parse(answered) as object };
    const error = toError(status, answered);
    if (!isRetryable(status, error)) throw error;
    return { error };
  };

  return {
    async call(operation: string, input: object) {
      const body = JSON.stringify(input);
      for (let tried = 1; ; tried += 1) {
        const result = await attempt(operation, body).catch((error: unknown) => {
          // What DynamoDB refused stays refused; only a broken connection is worth another try.
          if (error instanceof DynamoDbError) throw error;
          return { error: error as Error };
        });
        if ('output' in result) return result.output;
        if (tried === ATTEMPTS) throw result.error;
        await sleep(Math.random() * BACKOFF_MS * 2 ** tried);
      }
    },
  };
}
