import { type DynamoDb, isConditionFailed } from './aws/dynamodb.ts';
import { targetOf } from './effects.ts';
import type { Entry } from './entry.ts';
import type { Log } from './log.ts';
import { inboxKey } from './rows.ts';

/** Erases from the Inbox what an entry made obsolete; answers how many rows it erased. */
export function createEraser(options: {
  readonly db: DynamoDb;
  readonly inboxTable: string;
  readonly log: Log;
}): (entry: Entry) => Promise<number> {
  const { db, inboxTable, log } = options;

  /** The row stays, so that its uuid stays taken; `erased` tells the broadcaster that it is no arrival. */
  const eraseRow = async ({ room, user, uuid }: Entry): Promise<number> => {
    try {
      await db.call('UpdateItem', {
        TableName: inboxTable,
        Key: inboxKey(room, user, uuid),
        UpdateExpression: 'REMOVE content, nonce SET erased = :true',
        ConditionExpression: 'attribute_exists(content)',
        ExpressionAttributeValues: { ':true': { BOOL: true } },
      });
      return 1;
    } catch (error) {
      // Erased already, or expired.
      if (isConditionFailed(error)) return 0;
      throw error;
    }
  };

  const rowsOf = async (entry: Entry): Promise<readonly Entry[]> => {
    // An edit that came too late: the message was deleted, and nothing of it may stay either.
    if (entry.kind === 'edit') return entry.said === undefined ? [entry] : [];
    const target = targetOf(entry);
    if (entry.kind !== 'delete' || target === undefined) return [];
    const [message] = await log.from(entry.room, target, 1);
    if (message?.seq !== target || message.said !== undefined) return [];
    const edits = message.state?.edits ?? [];
    const rows = await Promise.all(edits.map((edit) => log.from(entry.room, edit, 1)));
    return [message, ...rows.flat()];
  };

  return async (entry) => {
    const erased = await Promise.all((await rowsOf(entry)).map(eraseRow));
    return erased.reduce((sum, one) => sum + one, 0);
  };
}
