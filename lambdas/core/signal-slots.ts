import { setTimeout as sleep } from 'node:timers/promises';

import type { DynamoDb } from './aws/dynamodb.ts';
import { number, signalKey } from './rows.ts';

/**
 * Which of a user's signals goes out: the last of each slot of time. No function sees all signals of a
 * sender, for API Gateway runs them side by side; so each takes a number on a row of the sender, waits
 * for the end of its slot, and looks whether a later one came. What was signalled is never stored, only
 * how many there were; and a client that never stops is shown once in a slot, not kept waiting.
 */
export interface SignalSlots {
  /** Resolves at the end of the slot: with the signal's number, or undefined when a later one came. */
  take(room: string, user: string): Promise<number | undefined>;
}

/** Milliseconds of a slot: ten times a second looks continuous with a little smoothing. */
export const SIGNAL_SLOT_MS = 100;

/** Seconds after which a sender's row may go. Its numbers begin with the time, so none comes again. */
const ROW_SECONDS = 3_600;

export function createSignalSlots(options: {
  readonly db: DynamoDb;
  readonly table: string;
  readonly now?: () => number;
  readonly wait?: (ms: number) => Promise<unknown>;
}): SignalSlots {
  const { db, table, now = Date.now, wait = sleep } = options;

  return {
    async take(room, user) {
      const time = now();
      const slot = Math.floor(time / SIGNAL_SLOT_MS);
      // The next slot may begin before this one is looked at, so even and odd ones do not share a name.
      const names = { '#slot': `slot${slot % 2}`, '#last': `last${slot % 2}` };
      const Key = signalKey(room, user);
      const { Attributes: mine = {} } = await db.call('UpdateItem', {
        TableName: table,
        Key,
        UpdateExpression:
          'SET n = if_not_exists(n, :time) + :one, #last = if_not_exists(n, :time) + :one, #slot = :slot, expires = :expires',
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: {
          ':time': { N: String(time) },
          ':one': { N: '1' },
          ':slot': { N: String(slot) },
          ':expires': { N: String(Math.ceil(time / 1_000) + ROW_SECONDS) },
        },
        ReturnValues: 'UPDATED_NEW',
      });
      const n = number(mine, 'n');
      await wait(Math.max(0, (slot + 1) * SIGNAL_SLOT_MS - now()));
      const { Item: row = {} } = await db.call('GetItem', {
        TableName: table,
        Key,
        ConsistentRead: true,
      });
      const isLast = number(row, names['#slot']) === slot && number(row, names['#last']) === n;
      return isLast ? n : undefined;
    },
  };
}
