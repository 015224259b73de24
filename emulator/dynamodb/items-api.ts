/**
 * The operations on items: passed to the engine with a question of what they consumed, which is
 * metered, and answered without what the caller did not ask for.
 */
import type { Principal } from '../iam/principal.ts';
import type { Meter } from '../meter/meter.ts';
import {
  cancelledCapacity,
  type Consumed,
  failedConditionCapacity,
  reportedCapacity,
  wholeRead,
  withCapacityLevel,
} from './capacity.ts';
import { type Answer, call, DYNAMODB, type Endpoint, errorType, type Json } from './client.ts';
import { type Names, pathOf } from './description.ts';
import { tablesOf, writtenTables } from './table-names.ts';

const SINGLE_WRITES = new Set(['PutItem', 'UpdateItem', 'DeleteItem']);

const ITEM_OPERATIONS = new Set([
  ...SINGLE_WRITES,
  'BatchWriteItem',
  'TransactWriteItems',
  'GetItem',
  'BatchGetItem',
  'Query',
  'Scan',
  'TransactGetItems',
  'ExecuteStatement',
  'BatchExecuteStatement',
  'ExecuteTransaction',
]);

const LEVELS: ReadonlySet<unknown> = new Set([undefined, null, 'NONE', 'TOTAL', 'INDEXES']);

export interface ItemsApiOptions {
  readonly engine: Endpoint & { readonly embedded: boolean };
  readonly meter: Meter;
  readonly names: Names;
  readonly onWrite: (tableName: string) => void;
}

export const isItemOperation = (operation: string): boolean => ITEM_OPERATIONS.has(operation);

/** Answers an operation on items; `input` names its tables (`withTableNames`). */
export async function answerItems(
  operation: string,
  input: Json,
  principal: Principal,
  options: ItemsApiOptions,
): Promise<Answer> {
  const answer = await ask(operation, input, options.engine);
  const consumed = consumedBy(operation, input, answer);
  count(consumed, tablesOf(input), principal, options);
  if (answer.status !== 200) return { ...answer, body: withoutItem(input, answer.body) };
  for (const table of tablesWritten(operation, input, consumed)) options.onWrite(table);
  return { ...answer, body: withCapacityLevel(answer.body, input['ReturnConsumedCapacity']) };
}

async function ask(
  operation: string,
  input: Json,
  engine: ItemsApiOptions['engine'],
): Promise<Answer> {
  const target = `${DYNAMODB}${operation}`;
  const answer = await call(engine, target, asking(operation, input));
  const whole = engine.embedded ? wholeRead(operation, input) : undefined;
  if (whole === undefined || answer.status !== 200) return answer;
  const { ConsumedCapacity } = (await call(engine, target, asking(operation, whole))).body;
  return { ...answer, body: { ...answer.body, ConsumedCapacity } };
}

/** The request, asking for what the meter needs to know beside what the caller wants. */
function asking(operation: string, input: Json): Json {
  const level = input['ReturnConsumedCapacity'];
  return {
    ...input,
    // What is no level at all is left for the engine to refuse.
    ReturnConsumedCapacity: LEVELS.has(level) ? 'INDEXES' : level,
    // The item that is there says what a failed condition costs.
    ...(SINGLE_WRITES.has(operation) && asksNoItem(input) && 'ConditionExpression' in input
      ? { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }
      : {}),
  };
}

const asksNoItem = ({ ReturnValuesOnConditionCheckFailure: asked }: Json) =>
  asked === undefined || asked === null || asked === 'NONE';

/** An error's body without the item that only the meter asked for. */
function withoutItem(input: Json, body: Json): Json {
  if (!asksNoItem(input)) return body;
  const { Item, ...rest } = body;
  void Item;
  return rest;
}

function consumedBy(operation: string, input: Json, { status, body }: Answer): Consumed[] {
  if (status === 200) return reportedCapacity(operation, input, body);
  const error = errorType(body);
  if (error === 'ConditionalCheckFailedException' && SINGLE_WRITES.has(operation)) {
    return [failedConditionCapacity(input, body['Item'])];
  }
  if (error === 'TransactionCanceledException' && operation === 'TransactWriteItems') {
    return cancelledCapacity(input);
  }
  return [];
}

/** Of a PartiQL statement only the answer says which table it wrote to. */
function tablesWritten(
  operation: string,
  input: Json,
  consumed: readonly Consumed[],
): readonly string[] {
  const named = tablesOf(input);
  if (named.length > 0) return writtenTables(operation, input);
  return consumed.filter(({ write }) => write > 0).map(({ table }) => table);
}

/** A call that is about several tables counts for each. */
function count(
  consumed: readonly Consumed[],
  named: readonly string[],
  principal: Principal,
  { meter, names }: ItemsApiOptions,
): void {
  const cause = principal.kind === 'role' ? principal.cause : undefined;
  const tables = new Set([...named, ...consumed.map(({ table }) => table)]);
  for (const table of tables) meter.add('dynamodb.calls', pathOf(table, names), 1, cause);
  for (const { table, index, read, write } of consumed) {
    const path = pathOf(table, names, index);
    meter.add('dynamodb.read', path, read, cause);
    meter.add('dynamodb.write', path, write, cause);
  }
}
