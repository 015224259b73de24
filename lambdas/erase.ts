import { createDynamoDb } from './core/aws/dynamodb.ts';
import { toEntry } from './core/entry.ts';
import { createEraser } from './core/eraser.ts';
import { createLog } from './core/log.ts';
import { report } from './core/report.ts';
import type { Item } from './core/aws/dynamodb.ts';
import { variable } from './environment.ts';

/**
 * Listens to the log for deletes and erases from the Inbox what a deleted message and its edits said.
 * The log itself was erased with the delete. Every step may be repeated, so a batch that failed simply
 * comes again.
 */
const db = createDynamoDb();
const erase = createEraser({
  db,
  inboxTable: variable('inbox'),
  log: createLog({ db, table: variable('messages') }),
});

export const handler = async (event: {
  readonly Records: readonly { readonly dynamodb?: { readonly NewImage?: Item } }[];
}): Promise<void> => {
  let erased = 0;
  for (const { dynamodb } of event.Records) {
    if (dynamodb?.NewImage !== undefined) erased += await erase(toEntry(dynamodb.NewImage));
  }
  report({ route: 'erase', erased });
};
