import { onTestFinished } from 'vitest';

import { DYNAMODB, demand } from '../../emulator/dynamodb/client.ts';
import { createTables } from '../../emulator/dynamodb/tables.ts';
import { startEngine } from '../../emulator/dynamodb/engine.ts';
import type { TableResource } from '../../emulator/model.ts';
import { startChat, type TestChat } from '../support/chat.ts';
import { type Item, itemsOf } from './items.ts';

/** Rows of tables, by the names of their outputs. */
export type Backup = ReadonlyMap<string, readonly Item[]>;

/** All that makes up a chat but who is connected. */
const TABLES = ['UsersTable', 'RoomsTable', 'MessagesTable', 'InboxTable'];

export const backUp = async (server: TestChat): Promise<Backup> =>
  new Map(
    await Promise.all(
      TABLES.map(async (output) => [output, await itemsOf(server, output)] as const),
    ),
  );

/**
 * A chat in another stack, with an engine of its own, whose tables were restored before. As on AWS they
 * come without streams; those that the stack gives them begin empty, with numbers of their own.
 */
export async function startOnBackup(old: TestChat, backup: Backup): Promise<TestChat> {
  const engine = await startEngine({ source: 'embedded' });
  onTestFinished(() => engine.close());
  const { model, outputs } = old.cloud;
  await createTables(engine, model.tables.map(withoutStream));
  for (const [output, items] of backup) {
    for (const Item of items) {
      await demand(engine, `${DYNAMODB}PutItem`, { TableName: outputs[output], Item });
    }
  }
  return startChat({ dynamodb: engine.url });
}

function withoutStream(resource: TableResource): TableResource {
  const { streamArn: _, ...table } = resource;
  return table;
}
