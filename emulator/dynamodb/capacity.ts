/**
 * The capacity units that a request consumed. The embedded engine counts as AWS does (tested: half a
 * unit for 4 KB read eventually consistent, a unit per KB written, indexes, twice in transactions)
 * and reports it with every answer, so it is asked for it always, with two exceptions. Of an item got
 * with a projection it counts what is left; AWS counts the item. And errors report nothing, on AWS
 * too, but a write whose condition failed is billed there.
 *
 * Not known and assumed: a cancelled transaction is billed as if it had written, and what a
 * transaction writes to indexes is not billed twice.
 */
import { type Item, itemSize } from './attribute-value.ts';
import type { Json } from './client.ts';
import { isJson, transactElements } from './table-names.ts';

export interface Consumed {
  readonly table: string;
  /** Of an index of it. */
  readonly index?: string;
  /** Read units. */
  readonly read: number;
  /** Write units. */
  readonly write: number;
}

/** Bytes of one write unit. */
const WRITE_UNIT_BYTES = 1024;

const READS = new Set(['GetItem', 'BatchGetItem', 'Query', 'Scan', 'TransactGetItems']);

interface Units {
  readonly CapacityUnits: number;
  /** Only of transactions. */
  readonly ReadCapacityUnits?: number;
  readonly WriteCapacityUnits?: number;
}

interface ConsumedCapacity extends Units {
  readonly TableName: string;
  /** The table without its indexes. */
  readonly Table?: Units;
  readonly GlobalSecondaryIndexes?: Readonly<Record<string, Units>>;
  readonly LocalSecondaryIndexes?: Readonly<Record<string, Units>>;
}

/** What an answer reports, table by table and index by index. */
export function reportedCapacity(operation: string, input: Json, output: Json): Consumed[] {
  const reads = READS.has(operation) || isSelect(input);
  return listCapacity(output).flatMap((capacity) => {
    const { TableName: table, Table = capacity } = capacity;
    // Without a word on the table alone, all is the table's.
    const indexes = Table === capacity ? [] : indexesOf(capacity);
    return [
      { table, ...unitsOf(Table, reads) },
      ...indexes.map(([index, units]) => ({ table, index, ...unitsOf(units, reads) })),
    ];
  });
}

const indexesOf = ({ GlobalSecondaryIndexes, LocalSecondaryIndexes }: ConsumedCapacity) =>
  Object.entries({ ...GlobalSecondaryIndexes, ...LocalSecondaryIndexes });

function unitsOf(units: Units, reads: boolean): Pick<Consumed, 'read' | 'write'> {
  const { CapacityUnits: all, ReadCapacityUnits: read, WriteCapacityUnits: write } = units;
  if (read !== undefined || write !== undefined) return { read: read ?? 0, write: write ?? 0 };
  return reads ? { read: all, write: 0 } : { read: 0, write: all };
}

/**
 * The same read without its projections, which is to be counted in its place; undefined when there
 * are none, or when the engine counts whole items anyhow.
 */
export function wholeRead(operation: string, input: Json): Json | undefined {
  if (operation === 'GetItem' && isProjected(input)) return wholeGet(input);
  if (operation !== 'TransactGetItems') return undefined;
  const gets = transactElements(input).map((element) => element.input);
  if (!gets.some(isProjected)) return undefined;
  return { TransactItems: gets.map((get) => ({ Get: wholeGet(get) })) };
}

const isProjected = (get: Json) => 'ProjectionExpression' in get || 'AttributesToGet' in get;

const wholeGet = ({ TableName, Key, ConsistentRead }: Json): Json => ({
  TableName,
  Key,
  ConsistentRead,
});

/**
 * What a single write consumed whose condition failed: as much as the larger one of the item that is
 * there and the one that was to be put.
 */
export function failedConditionCapacity(input: Json, existing: unknown): Consumed {
  const bytes = Math.max(sizeOf(existing), sizeOf(input['Item']));
  return { table: String(input['TableName']), read: 0, write: writeUnits(bytes) };
}

/** What a cancelled transaction consumed; of items that are not in the request, one unit each. */
export function cancelledCapacity(input: Json): Consumed[] {
  return transactElements(input).map(({ table, input }) => ({
    table,
    read: 0,
    write: 2 * writeUnits(sizeOf(input['Item'])),
  }));
}

/** An answer that reports as much as the caller asked for: `NONE`, `TOTAL` or `INDEXES`. */
export function withCapacityLevel(output: Json, level: unknown): Json {
  const { ConsumedCapacity, ...rest } = output;
  if (ConsumedCapacity === undefined || level === 'INDEXES') return output;
  if (level !== 'TOTAL') return rest;
  return {
    ...rest,
    ConsumedCapacity: Array.isArray(ConsumedCapacity)
      ? ConsumedCapacity.map(withoutIndexes)
      : withoutIndexes(ConsumedCapacity as Json),
  };
}

function withoutIndexes(capacity: Json): Json {
  const { Table, GlobalSecondaryIndexes, LocalSecondaryIndexes, ...total } = capacity;
  void [Table, GlobalSecondaryIndexes, LocalSecondaryIndexes];
  return total;
}

function listCapacity({ ConsumedCapacity }: Json): readonly ConsumedCapacity[] {
  if (ConsumedCapacity === undefined || ConsumedCapacity === null) return [];
  return [ConsumedCapacity].flat() as ConsumedCapacity[];
}

/** A PartiQL statement, or a batch of them, which must not mix reads and writes. */
function isSelect({ Statement, Statements }: Json): boolean {
  const first: unknown = Array.isArray(Statements) ? Statements[0]?.Statement : Statement;
  return typeof first === 'string' && /^\s*select\b/i.test(first);
}

const sizeOf = (item: unknown) => (isJson(item) ? itemSize(item as Item) : 0);

const writeUnits = (bytes: number) => Math.max(1, Math.ceil(bytes / WRITE_UNIT_BYTES));
