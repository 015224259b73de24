import { createTables } from '../../emulator/dynamodb/tables.ts';
import { startEngine } from '../../emulator/dynamodb/engine.ts';
import { readAssembly } from '../../emulator/template/assembly.ts';
import { readModel } from '../../emulator/template/template.ts';
import { createDynamoDb, type DynamoDb } from '../../lambdas/core/aws/dynamodb.ts';
import { createEndpoint } from '../../lambdas/core/aws/endpoint.ts';

/** The tables of the chat in the real engine, and nothing else: no function, no stream that is read. */
export interface Tables {
  readonly db: DynamoDb;
  /** The name of a table, given what its logical id holds: `Connections`. */
  readonly name: (part: string) => string;
  close(): Promise<void>;
}

export async function startTables(assembly: string): Promise<Tables> {
  const { tables } = readModel(readAssembly(assembly), { values: {} });
  const engine = await startEngine({ source: 'embedded' });
  await createTables(engine, tables);
  const db = createDynamoDb(
    createEndpoint({
      url: engine.url,
      service: 'dynamodb',
      maxSockets: 64,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    }),
  );
  return {
    db,
    name: (part) => {
      const found = tables.find(({ logicalId }) => logicalId.includes(part));
      if (found === undefined) throw new Error(`There is no table ${part}`);
      return found.name;
    },
    close: () => engine.close(),
  };
}
