import type { Clock } from '../clock.ts';
import { call, DYNAMODB, type Endpoint, type Json } from '../dynamodb/client.ts';
import { isJson, transactElements } from '../dynamodb/table-names.ts';
import type { TableResource } from '../model.ts';
import type { ItemCall } from './item-call.ts';

/**
 * What items were before they were last written: a short history, kept only while a plan has stale
 * reads, since it costs a read before every write.
 */
export interface ItemHistory {
  /** Looks at what a call is about to write; the answer puts it into the history. */
  before(itemCall: ItemCall): Promise<() => void>;
  /** Takes items read from this table back to what they were `ms` ago, as far as is known. */
  asOf(table: string, ms: number): PastItems;
}

export interface PastItems {
  /** What an item with this key was; `unchanged` when it was not written since. */
  find(keyOrItem: Json): Json | 'absent' | 'unchanged';
}

/** Versions kept of all tables together. */
const VERSIONS_MAX = 1_000;

interface Version {
  readonly table: string;
  readonly key: string;
  /** Undefined: there was no such item. */
  readonly item: Json | undefined;
  readonly replacedAt: number;
}

export function createItemHistory(options: {
  readonly engine: Endpoint;
  readonly tables: readonly TableResource[];
  readonly clock: Clock;
}): ItemHistory {
  const { engine, clock } = options;
  const keyNames = new Map(
    options.tables.map(({ name, keySchema }) => [name, keySchema.map((key) => key.name)]),
  );
  const versions: Version[] = [];
  const keyOf = (table: string, item: Json): Json =>
    Object.fromEntries((keyNames.get(table) ?? []).map((name) => [name, item[name]]));
  const read = async ({ table, item }: Written) => {
    const Key = keyOf(table, item);
    const input = { TableName: table, Key, ConsistentRead: true };
    const { body } = await call(engine, `${DYNAMODB}GetItem`, input);
    const found = isJson(body['Item']) ? body['Item'] : undefined;
    return { table, key: JSON.stringify(Key), item: found };
  };
  return {
    async before(itemCall) {
      const seen = await Promise.all(writtenBy(itemCall).map(read));
      return () => {
        const replacedAt = clock.now();
        versions.push(...seen.map((version) => ({ ...version, replacedAt })));
        versions.splice(0, versions.length - VERSIONS_MAX);
      };
    },
    asOf(table, ms) {
      const since = clock.now() - ms;
      const recent = versions.filter((one) => one.table === table && one.replacedAt >= since);
      return {
        find(keyOrItem) {
          const key = JSON.stringify(keyOf(table, keyOrItem));
          const oldest = recent.find((version) => version.key === key);
          return oldest === undefined ? 'unchanged' : (oldest.item ?? 'absent');
        },
      };
    },
  };
}

/** An item that a call writes: itself, or its key at least. */
interface Written {
  readonly table: string;
  readonly item: Json;
}

function writtenBy({ operation, input }: ItemCall): readonly Written[] {
  switch (operation) {
    case 'PutItem':
    case 'UpdateItem':
    case 'DeleteItem':
      return writtenOf(String(input['TableName']), input);
    case 'TransactWriteItems':
      return transactElements(input)
        .filter(({ kind }) => kind !== 'ConditionCheck')
        .flatMap(({ table, input: element }) => writtenOf(table, element));
    case 'BatchWriteItem':
      return Object.entries(isJson(input['RequestItems']) ? input['RequestItems'] : {}).flatMap(
        ([table, writes]) =>
          [writes]
            .flat()
            .flatMap((write: unknown) => (isJson(write) ? Object.values(write) : []))
            .flatMap((element) => writtenOf(table, element)),
      );
    default:
      return [];
  }
}

function writtenOf(table: string, element: unknown): readonly Written[] {
  if (!isJson(element)) return [];
  const item = element['Item'] ?? element['Key'];
  return isJson(item) ? [{ table, item }] : [];
}
