/**
 * Makes the model's tables in the engine. A table that is there already keeps its items; what the
 * template has added since (a stream, an index, an expiry) is added, and nothing is taken away. A
 * change of keys would need a new table, so that is refused.
 *
 * Streams are always made with both images, because a write that changed nothing is found by them.
 */
import type { KeyElement, TableIndex, TableResource } from '../model.ts';
import { call, demand, DYNAMODB, type Endpoint, EngineRefusal } from './client.ts';
import { EngineError } from './engine-error.ts';

/** Milliseconds between looks at a table that an engine takes time to make. */
const LOOK_MS = 200;

const BOTH_IMAGES = { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' };

interface EngineTable {
  readonly TableStatus: string;
  readonly KeySchema: readonly { readonly AttributeName: string; readonly KeyType: string }[];
  readonly GlobalSecondaryIndexes?: readonly {
    readonly IndexName: string;
    readonly IndexStatus: string;
  }[];
  readonly StreamSpecification?: { readonly StreamEnabled: boolean };
}

/** Throws an `EngineError` that names the table when the engine does not take it. */
export async function createTables(
  engine: Endpoint,
  tables: readonly TableResource[],
): Promise<void> {
  for (const table of tables) {
    try {
      const existing = await describe(engine, table);
      if (existing === undefined) await create(engine, table);
      else await extend(engine, table, existing);
      await expireBy(engine, table);
    } catch (error) {
      if (!(error instanceof EngineRefusal)) throw error;
      throw new EngineError(`${table.path}: ${error.message}`);
    }
  }
}

async function create(engine: Endpoint, table: TableResource): Promise<void> {
  await demand(engine, `${DYNAMODB}CreateTable`, {
    TableName: table.name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: attributeDefinitions(table),
    KeySchema: keySchema(table.keySchema),
    ...indexes('GlobalSecondaryIndexes', table.globalIndexes),
    ...indexes('LocalSecondaryIndexes', table.localIndexes),
    ...(table.streamArn === undefined ? {} : { StreamSpecification: BOTH_IMAGES }),
  });
  await untilActive(engine, table);
}

/** One change at a time, as DynamoDB wants it. */
async function extend(engine: Endpoint, table: TableResource, found: EngineTable): Promise<void> {
  const keys = (schema: EngineTable['KeySchema']) =>
    schema.map(({ AttributeName, KeyType }) => `${AttributeName} ${KeyType}`).join(', ');
  const [wanted, kept] = [keys(keySchema(table.keySchema)), keys(found.KeySchema)];
  if (wanted !== kept) {
    throw new EngineError(
      `${table.path}: the key is now (${wanted}), but the data that was kept has (${kept}); ` +
        'use another data directory or remove this one',
    );
  }
  const update = async (change: object) => {
    await demand(engine, `${DYNAMODB}UpdateTable`, { TableName: table.name, ...change });
    await untilActive(engine, table);
  };
  if (table.streamArn !== undefined && found.StreamSpecification?.StreamEnabled !== true) {
    await update({ StreamSpecification: BOTH_IMAGES });
  }
  const present = new Set(found.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName));
  for (const index of table.globalIndexes.filter(({ name }) => !present.has(name))) {
    await update({
      AttributeDefinitions: attributeDefinitions(table),
      GlobalSecondaryIndexUpdates: [{ Create: indexOf(index) }],
    });
  }
}

async function expireBy(engine: Endpoint, table: TableResource): Promise<void> {
  const { name: TableName, ttlAttribute: AttributeName } = table;
  if (AttributeName === undefined) return;
  // An engine without expiry, or one that has it on already, refuses; items are none the worse.
  await call(engine, `${DYNAMODB}UpdateTimeToLive`, {
    TableName,
    TimeToLiveSpecification: { AttributeName, Enabled: true },
  });
}

async function describe(
  engine: Endpoint,
  { name }: TableResource,
): Promise<EngineTable | undefined> {
  const { status, body } = await call(engine, `${DYNAMODB}DescribeTable`, { TableName: name });
  return status === 200 ? (body['Table'] as EngineTable) : undefined;
}

async function untilActive(engine: Endpoint, table: TableResource): Promise<void> {
  for (;;) {
    const found = await describe(engine, table);
    const building = found?.GlobalSecondaryIndexes?.some((it) => it.IndexStatus !== 'ACTIVE');
    if (found?.TableStatus === 'ACTIVE' && building !== true) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

const attributeDefinitions = ({ attributes }: TableResource) =>
  attributes.map(({ name, type }) => ({ AttributeName: name, AttributeType: type }));

const keySchema = (elements: readonly KeyElement[]) =>
  elements.map(({ name, role }) => ({ AttributeName: name, KeyType: role }));

/** An empty list is not allowed. */
const indexes = (property: string, list: readonly TableIndex[]) =>
  list.length === 0 ? {} : { [property]: list.map(indexOf) };

const indexOf = ({ name, keySchema: elements, projection }: TableIndex) => ({
  IndexName: name,
  KeySchema: keySchema(elements),
  Projection: {
    ProjectionType: projection.type,
    ...(projection.attributes.length === 0 ? {} : { NonKeyAttributes: projection.attributes }),
  },
});
