/**
 * What IAM asks of each operation: the actions, and the ARNs of what they are done to. Pure.
 *
 * Not copied: the condition keys of DynamoDB (`dynamodb:LeadingKeys` and so on), and PartiQL, whose
 * statements would have to be read to know their tables.
 */
import type { Json } from './client.ts';
import { tablesOf, transactElements } from './table-names.ts';

export interface Demand {
  /** E.g. `dynamodb:PutItem`. */
  readonly action: string;
  readonly resource: string;
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

/**
 * All of these must be allowed. `input` names its tables (`withTableNames`); `tableArn` knows their
 * ARNs.
 */
export function demands(
  operation: string,
  input: Json,
  tableArn: (tableName: string) => string,
): readonly Demand[] | 'unsupported' {
  if (PARTIQL.has(operation)) return 'unsupported';
  const to = (action: string, resource: string): Demand => ({
    action: `dynamodb:${action}`,
    resource,
  });
  if (operation === 'TransactWriteItems' || operation === 'TransactGetItems') {
    const all = transactElements(input).map(({ kind, table }) =>
      to(ELEMENT_ACTIONS[kind] ?? kind, tableArn(table)),
    );
    return [...new Map(all.map((each) => [`${each.action} ${each.resource}`, each])).values()];
  }
  const { IndexName } = input;
  const tables = tablesOf(input).map(tableArn);
  if (tables.length > 0) {
    const part = typeof IndexName === 'string' ? `/index/${IndexName}` : '';
    return tables.map((arn) => to(operation, `${arn}${part}`));
  }
  return [to(operation, namedResource(input))];
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
