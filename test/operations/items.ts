import type { TestChat } from '../support/chat.ts';

/**
 * The rows of a chat's tables as an operator copies them: whole, in DynamoDB's own notation. A table is
 * meant by the name of its output, e.g. `MessagesTable`.
 */
export type Item = Readonly<Record<string, { readonly S?: string; readonly N?: string }>>;

export async function itemsOf(server: TestChat, output: string): Promise<readonly Item[]> {
  const input = { TableName: server.cloud.outputs[output], ConsistentRead: true };
  const { Items = [] } = (await server.call('Scan', input)) as { Items?: readonly Item[] };
  return Items;
}

/** One after the other, in this order. */
export async function putItems(
  server: TestChat,
  output: string,
  items: readonly Item[],
): Promise<void> {
  for (const item of items) await server.put(output, item);
}

export async function deleteItems(
  server: TestChat,
  output: string,
  items: readonly Item[],
): Promise<void> {
  const table = server.cloud.model.tables.find(({ name }) => name === server.cloud.outputs[output]);
  const names = table?.keySchema.map(({ name }) => name) ?? [];
  for (const item of items) {
    const Key = Object.fromEntries(names.map((name) => [name, item[name]]));
    await server.call('DeleteItem', { TableName: table?.name, Key });
  }
}

/** The table becomes what it was: what was written since goes, what was deleted since is there again. */
export async function restoreTable(
  server: TestChat,
  output: string,
  before: readonly Item[],
): Promise<void> {
  await deleteItems(server, output, await itemsOf(server, output));
  await putItems(server, output, before);
}
