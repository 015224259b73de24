/**
 * Which tables a request is about. Callers may name a table by its ARN; engines know names only, so
 * requests are put into names first.
 */
import type { Json } from './client.ts';

/** The name in a table's ARN, or in that of one of its indexes or streams; a name stays as it is. */
export function tableName(nameOrArn: string): string {
  return /^arn:[^/]*:table\/([^/]+)/.exec(nameOrArn)?.[1] ?? nameOrArn;
}

/** A request with names in the place of ARNs. */
export function withTableNames(input: Json): Json {
  const { TableName, RequestItems, TransactItems } = input;
  return {
    ...input,
    ...(typeof TableName === 'string' ? { TableName: tableName(TableName) } : {}),
    ...(isJson(RequestItems)
      ? { RequestItems: mapEntries(RequestItems, (name, requests) => [tableName(name), requests]) }
      : {}),
    ...(Array.isArray(TransactItems) ? { TransactItems: TransactItems.map(namedElement) } : {}),
  };
}

/** One element of a transaction. */
export interface TransactElement {
  /** `Put`, `Update`, `Delete`, `ConditionCheck` or `Get`. */
  readonly kind: string;
  readonly table: string;
  readonly input: Json;
}

/** The elements of a transaction; those without a table, which the engine will refuse, left out. */
export function transactElements({ TransactItems }: Json): readonly TransactElement[] {
  if (!Array.isArray(TransactItems)) return [];
  return TransactItems.filter(isJson).flatMap((element) =>
    Object.entries(element).flatMap(([kind, input]) =>
      isJson(input) && typeof input['TableName'] === 'string'
        ? [{ kind, table: input['TableName'], input }]
        : [],
    ),
  );
}

/** The names of all tables a request is about, each once. */
export function tablesOf(input: Json): readonly string[] {
  const { TableName, RequestItems } = input;
  const names = [
    ...(typeof TableName === 'string' ? [TableName] : []),
    ...(isJson(RequestItems) ? Object.keys(RequestItems) : []),
    ...transactElements(input).map(({ table }) => table),
  ];
  return [...new Set(names)];
}

const WRITES = new Set(['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem']);

/** The names of the tables that a request writes to, each once. */
export function writtenTables(operation: string, input: Json): readonly string[] {
  if (WRITES.has(operation)) return tablesOf(input);
  if (operation !== 'TransactWriteItems') return [];
  const writes = transactElements(input).filter(({ kind }) => kind !== 'ConditionCheck');
  return [...new Set(writes.map(({ table }) => table))];
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const namedElement = (element: unknown) =>
  isJson(element)
    ? mapEntries(element, (kind, input) => [kind, isJson(input) ? withTableNames(input) : input])
    : element;

const mapEntries = (object: Json, change: (name: string, value: unknown) => [string, unknown]) =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => change(name, value)));
