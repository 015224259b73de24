import { mkdirSync } from 'node:fs';

import type { CloudOptions } from '../cloud-options.ts';
import type { OnClose, Parts } from '../parts.ts';
import type { Service } from '../service.ts';
import { createDynamoDb } from './api.ts';
import { type Engine, startEngine } from './engine.ts';
import { createTables } from './tables.ts';
import { startTtlSweep } from './ttl.ts';

// The database of a cloud: an engine with the tables of the model, and DynamoDB's API before it.

/** The engine, with every table of the model. */
export async function openEngine(
  { model }: Parts,
  { dynamodb = 'embedded', dataDirectory }: CloudOptions,
  onClose: OnClose,
): Promise<Engine> {
  if (dataDirectory !== undefined) mkdirSync(dataDirectory, { recursive: true });
  const engine = await startEngine({
    source: dynamodb,
    ...(dataDirectory === undefined ? {} : { dataDirectory }),
  });
  onClose(() => engine.close());
  await createTables(engine, model.tables);
  return engine;
}

/** DynamoDB's API, whose writes wake the mappings; the sweep of expired items writes, too. */
export function startDynamoDb(
  parts: Parts,
  engine: Engine,
  mappings: { wake(tableName: string): void },
  onClose: OnClose,
): Service {
  const { tables } = parts.model;
  const onWrite = (tableName: string) => mappings.wake(tableName);
  if (engine.embedded) {
    const sweep = startTtlSweep({ ...parts, engine, tables, onWrite });
    onClose(async () => sweep.close());
  }
  return createDynamoDb({ ...parts, engine, tables, onWrite }).service;
}
