import type { Item } from '../dynamodb/attribute-value.ts';
import { DYNAMODB } from '../dynamodb/client.ts';
import type { KeyElement, TableResource } from '../model.ts';
import type { Service } from '../service.ts';
import {
  type PlainItem,
  type PlainValue,
  toAttribute,
  toItem,
  toPlainItem,
} from './plain-value.ts';

/**
 * A table in plain values, past all functions, rights and faults. What is written wakes the table's
 * stream like any other write.
 */
export interface TableHandle {
  readonly name: string;
  /** By its whole key; undefined when there is none. */
  get(key: PlainItem): Promise<PlainItem | undefined>;
  put(item: PlainItem): Promise<void>;
  delete(key: PlainItem): Promise<void>;
  /** All items of a partition, of the table or of an index, in the order of their sort keys. */
  query(partition: PlainValue, index?: string): Promise<readonly PlainItem[]>;
  /** All items, in no order. */
  scan(): Promise<readonly PlainItem[]>;
}

/** What DynamoDB answered in place of a result. */
export class TableError extends Error {}

interface Output {
  readonly Item?: Item;
  readonly Items?: readonly Item[];
  readonly LastEvaluatedKey?: Item;
  readonly message?: string;
}

export function createTableHandle(table: TableResource, dynamodb: Service): TableHandle {
  const TableName = table.name;
  const call = async (operation: string, input: object): Promise<Output> => {
    const { status, body = '' } = await dynamodb({
      method: 'POST',
      path: '/',
      headers: { 'x-amz-target': `${DYNAMODB}${operation}` },
      body: Buffer.from(JSON.stringify({ TableName, ...input })),
      principal: { kind: 'administrator' },
    });
    const output = JSON.parse(body.toString()) as Output;
    if (status !== 200) throw new TableError(`${operation} on ${table.path}: ${output.message}`);
    return output;
  };
  const pages = async (operation: string, input: object): Promise<readonly PlainItem[]> => {
    const items: Item[] = [];
    let from: Item | undefined;
    do {
      const start = from === undefined ? {} : { ExclusiveStartKey: from };
      const page = await call(operation, { ...input, ...start });
      items.push(...(page.Items ?? []));
      from = page.LastEvaluatedKey;
    } while (from !== undefined);
    return items.map(toPlainItem);
  };
  return {
    name: TableName,
    async get(key) {
      const { Item: item } = await call('GetItem', { Key: toItem(key), ConsistentRead: true });
      return item && toPlainItem(item);
    },
    put: async (item) => void (await call('PutItem', { Item: toItem(item) })),
    delete: async (key) => void (await call('DeleteItem', { Key: toItem(key) })),
    query: async (partition, index) =>
      pages('Query', {
        ...(index === undefined ? { ConsistentRead: true } : { IndexName: index }),
        KeyConditionExpression: '#partition = :partition',
        ExpressionAttributeNames: { '#partition': partitionKey(table, index) },
        ExpressionAttributeValues: { ':partition': toAttribute(partition) },
      }),
    scan: () => pages('Scan', { ConsistentRead: true }),
  };
}

function partitionKey(table: TableResource, index: string | undefined): string {
  const owners: readonly { readonly name: string; readonly keySchema: readonly KeyElement[] }[] = [
    ...table.globalIndexes,
    ...table.localIndexes,
  ];
  const owner = index === undefined ? table : owners.find(({ name }) => name === index);
  const key = owner?.keySchema.find(({ role }) => role === 'HASH');
  if (key === undefined) throw new TableError(`${table.path} has no index ${index}`);
  return key.name;
}
