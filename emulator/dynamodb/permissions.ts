/**
 * What IAM asks of each operation: the actions, the ARNs of what they are done to, and what is known of
 * the call beside (`condition-keys.ts`). Pure.
 *
 * Not copied: PartiQL, whose statements would have to be read to know their tables.
 */
import type { CallContext } from '../iam/conditions.ts';
import type { Json } from './client.ts';
import { conditionKeys, together } from './condition-keys.ts';
import { isJson, tablesOf, transactElements } from './table-names.ts';

export interface Demand {
  /** E.g. `dynamodb:PutItem`. */
  readonly action: string;
  readonly resource: string;
  /** Condition keys with their values; absent when there are none. */
  readonly context?: CallContext;
}

/** What the model knows of the tables. */
export interface TableKeys {
  arn(tableName: string): string;
  /**
   * The partition key of a table, or of an index of it; `''` when there is no such thing. Absent: no
   * policy has conditions, and the context is not asked for.
   */
  readonly hashKey?: (tableName: string, index?: string) => string;
}

const PARTIQL = new Set(['ExecuteStatement', 'BatchExecuteStatement', 'ExecuteTransaction']);

/** The action for each element of a transaction. */
const ELEMENT_ACTIONS: Readonly<Record<string, string>> = {
  Get: 'GetItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
};

/** All of these must be allowed. `input` names its tables (`withTableNames`). */
export function demands(
  operation: string,
  input: Json,
  tables: TableKeys,
): readonly Demand[] | 'unsupported' {
  if (PARTIQL.has(operation)) return 'unsupported';
  if (operation === 'TransactWriteItems' || operation === 'TransactGetItems') {
    return ofTransaction(operation, input, tables);
  }
  const { hashKey } = tables;
  const { IndexName } = input;
  const named = tablesOf(input);
  if (named.length === 0) return [demand(operation, namedResource(input))];
  const index = typeof IndexName === 'string' ? IndexName : undefined;
  const part = index === undefined ? '' : `/index/${index}`;
  return named.map((table) => {
    const resource = `${tables.arn(table)}${part}`;
    const key = hashKey?.(table, index);
    if (key === undefined) return demand(operation, resource);
    const parts = partsOf(input, table).map((each) => conditionKeys(operation, each, key));
    return demand(operation, resource, together(parts));
  });
}

function ofTransaction(operation: string, input: Json, tables: TableKeys): readonly Demand[] {
  const enclosing = { 'dynamodb:EnclosingOperation': [operation] };
  const all = transactElements(input).map(({ kind, table, input: element }) => {
    const action = ELEMENT_ACTIONS[kind] ?? kind;
    const key = tables.hashKey?.(table);
    if (key === undefined) return demand(action, tables.arn(table));
    const context = { ...conditionKeys(action, element, key), ...enclosing };
    return demand(action, tables.arn(table), context);
  });
  return [...Map.groupBy(all, ({ action, resource }) => `${action} ${resource}`).values()].flatMap(
    (same) => {
      const [first] = same;
      if (first?.context === undefined) return first === undefined ? [] : [first];
      return [{ ...first, context: together(same.map(({ context = {} }) => context)) }];
    },
  );
}

const demand = (operation: string, resource: string, context: CallContext = {}): Demand => ({
  action: `dynamodb:${operation}`,
  resource,
  ...(Object.keys(context).length === 0 ? {} : { context }),
});

/** What a request says about one table: all of it, or the parts that a batch has for the table. */
function partsOf(input: Json, table: string): readonly Json[] {
  const { RequestItems } = input;
  const own = isJson(RequestItems) ? RequestItems[table] : undefined;
  if (isJson(own)) return [own];
  if (!Array.isArray(own)) return [input];
  return own.filter(isJson).flatMap((write) => Object.values(write).filter(isJson));
}

/** Of an operation on something else than a table by its name. */
function namedResource({ StreamArn, ResourceArn, ShardIterator }: Json): string {
  if (typeof ShardIterator === 'string') return iteratorStreamArn(ShardIterator);
  for (const arn of [StreamArn, ResourceArn]) if (typeof arn === 'string') return arn;
  return '*';
}

/** An iterator begins with the ARN of its stream, as on AWS: `arn|1|rest`. */
export function iteratorStreamArn(iterator: string): string {
  return iterator.slice(0, Math.max(0, iterator.indexOf('|')));
}
