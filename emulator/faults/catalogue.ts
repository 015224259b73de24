import * as v from 'valibot';

/**
 * Every fault there is: at which place it is decided, which operations there can suffer it, by what a
 * rule may single it out, and what it can be told. A fault is added here, and at its place.
 *
 * Of several rules of one place that come true at once, the first is injected.
 */

/** What a rule may name beside the fault; all are patterns with `*` and `?`. */
export type WhereField = 'resource' | 'operation' | 'function' | 'connection';

const row = <const Place extends string, Parameters extends v.ObjectEntries>(
  place: Place,
  where: readonly WhereField[],
  parameters: Parameters,
  operations: readonly string[] = [],
) => ({ place, where, parameters: v.object(parameters), operations });

const milliseconds = v.pipe(v.number(), v.minValue(0));
const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const no = v.optional(v.boolean(), false);

const SOCKET = ['resource', 'operation', 'connection'] as const;
const POST = ['resource', 'function', 'connection'] as const;
const CALL = ['resource', 'operation', 'function'] as const;

const READS = ['GetItem', 'BatchGetItem', 'Query', 'Scan'];
const SINGLE_WRITES = ['PutItem', 'UpdateItem', 'DeleteItem'];
const BATCHES = ['BatchGetItem', 'BatchWriteItem'];
const TRANSACTIONS = ['TransactWriteItems', 'TransactGetItems'];
const SENDS = ['SendMessage', 'SendMessageBatch'];
const TRAFFIC = ['connect', 'message', 'post'];

/** How a function's sandbox dies: at once, in the midst of its calls, or with its work all done. */
const ending = {
  moment: v.optional(v.picklist(['before', 'middle', 'after']), 'before'),
  /** `middle`: it dies when so many of its calls have taken effect, before it hears of the last. */
  calls: v.optional(count, 1),
  /** `middle`: counts only the calls of this service. */
  service: v.optional(v.picklist(['dynamodb', 'sqs', 'lambda', 'connections'])),
};

export const FAULTS = {
  // @connections
  'post-gone': row('post', POST, { delivered: no }),
  'post-throttled': row('post', POST, { delivered: no }),
  'post-failed': row('post', POST, {
    delivered: no,
    status: v.optional(v.pipe(v.number(), v.integer(), v.minValue(500), v.maxValue(599)), 500),
  }),
  'post-lost': row('post', POST, {}),
  'post-slow': row('post-delay', POST, { ms: milliseconds }),
  // Sockets
  cut: row('socket', SOCKET, {}, TRAFFIC),
  'half-open': row('socket', SOCKET, {}, TRAFFIC),
  'idle-limit': row('socket', SOCKET, {}, TRAFFIC),
  'duration-limit': row('socket', SOCKET, {}, TRAFFIC),
  'frame-lost': row('frame', ['resource', 'connection'], {}),
  'disconnect-lost': row('disconnect', ['resource', 'connection'], {}),
  'disconnect-late': row('disconnect', ['resource', 'connection'], { ms: milliseconds }),
  // Streams
  'batch-duplicated': row('batch', ['resource'], {}),
  'batch-redelivered': row('batch', ['resource'], { records: v.optional(count, 10) }),
  'batch-reordered': row('batch', ['resource'], {}),
  'stream-replay': row('replay', ['resource'], {}),
  'stream-stall': row('stall', ['resource'], { ms: milliseconds }),
  // Functions
  'function-throttled': row('invocation', ['resource'], {}),
  'function-crash': row('invocation', ['resource'], ending),
  'function-timeout': row('invocation', ['resource'], ending),
  'function-out-of-memory': row('invocation', ['resource'], ending),
  'function-cold': row('cold-start', ['resource'], {}),
  'clock-skew': row('sandbox', ['resource'], { ms: v.number() }),
  // DynamoDB
  'dynamodb-throttled': row('item-call', CALL, {
    error: v.optional(
      v.picklist(['ProvisionedThroughputExceededException', 'ThrottlingException']),
      'ProvisionedThroughputExceededException',
    ),
  }),
  'dynamodb-failed': row('item-call', CALL, { applied: no }),
  'dynamodb-unprocessed': row('item-call', CALL, {}, BATCHES),
  'dynamodb-conflict': row('item-call', CALL, {}, [...SINGLE_WRITES, ...TRANSACTIONS]),
  'dynamodb-stale': row('read', CALL, { ms: v.optional(milliseconds, 1_000) }, READS),
  'dynamodb-slow': row('item-call-delay', CALL, { ms: milliseconds }),
  // SQS
  'sqs-failed': row('send', CALL, { applied: no }, SENDS),
} as const;

export type FaultName = keyof typeof FAULTS;

/** Where a fault is decided. */
export type Place = (typeof FAULTS)[FaultName]['place'];

/** Faults that need nothing to happen first: at its moment one strikes all that it is aimed at. */
export const PLACES_OF_MOMENTS: ReadonlySet<Place> = new Set<Place>(['socket', 'replay']);

export const isFaultName = (name: unknown): name is FaultName =>
  typeof name === 'string' && Object.hasOwn(FAULTS, name);
