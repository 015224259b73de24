import { toArrival } from './arrival.ts';
import type { DynamoDb, Item } from './aws/dynamodb.ts';
import { isConditionFailed } from './aws/dynamodb.ts';
import { findEntries } from './find-entry.ts';
import { createLog } from './log.ts';
import { number, text } from './rows.ts';
import { type Arrival, identity } from './sequence.ts';

/**
 * Sends rows of the Inbox through the stream again, for an operator: those that never got a number,
 * because they were given up or because the log was restored to an older moment. A row that the log has
 * already is left alone; and because two redrives may run at once, a row that is sent says so, and the
 * broadcaster looks for it in the whole log once more. So it may be done as often as one likes.
 */
export interface Redrive {
  /** The rows of these keys. Nothing is written in a `dryRun`. */
  rows(keys: readonly InboxKey[], dryRun: boolean): Promise<Redriven>;
  /** All rows that were accepted in this stretch of time, in milliseconds. */
  acceptedIn(stretch: Stretch, dryRun: boolean): Promise<Redriven>;
}

/** The key of a row, as a stream record or a dead letter has it. */
export type InboxKey = Item;

export interface Stretch {
  readonly from: number;
  /** Default: no end. */
  readonly to?: number;
}

export interface Redriven {
  /** Sent through again; in a dry run, what would be. */
  readonly sent: number;
  /** The log has them already. */
  readonly numbered: number;
  /** Erased, or expired. */
  readonly gone: number;
  /** No entries at all, and never will be before somebody mends the row. */
  readonly broken: number;
}

export const NOTHING_REDRIVEN: Redriven = { sent: 0, numbered: 0, gone: 0, broken: 0 };

export const plus = (a: Redriven, b: Redriven): Redriven => ({
  sent: a.sent + b.sent,
  numbered: a.numbered + b.numbered,
  gone: a.gone + b.gone,
  broken: a.broken + b.broken,
});

export function createRedrive(options: {
  readonly db: DynamoDb;
  readonly inboxTable: string;
  readonly messagesTable: string;
  readonly now?: () => number;
}): Redrive {
  const { db, inboxTable, messagesTable, now = Date.now } = options;
  const log = createLog({ db, table: messagesTable });

  const read = async (key: InboxKey) =>
    (await db.call('GetItem', { TableName: inboxTable, Key: key, ConsistentRead: true })).Item;

  /** In the order of their acceptance, which is the order they get their numbers in. */
  const ofRoom = async (room: string, rows: readonly Item[], dryRun: boolean) => {
    const result = { sent: 0, numbered: 0, gone: 0, broken: 0 };
    const arrivals: { readonly row: Item; readonly arrival: Arrival }[] = [];
    for (const row of rows) {
      const arrival = toArrival({ dynamodb: { NewImage: row } });
      if (row['erased'] !== undefined) result.gone += 1;
      else if (arrival === undefined) result.broken += 1;
      else arrivals.push({ row, arrival });
    }
    const found = await findEntries(
      log,
      room,
      arrivals.map(({ arrival }) => arrival),
    );
    const inLog = new Set(found.map(identity));
    for (const { row, arrival } of arrivals.toSorted(byAcceptance)) {
      if (inLog.has(identity(arrival))) result.numbered += 1;
      else if (dryRun || (await send(db, inboxTable, row, now()))) result.sent += 1;
      else result.gone += 1;
    }
    return result;
  };

  const ofAll = async (rows: readonly Item[], dryRun: boolean): Promise<Redriven> => {
    let result = NOTHING_REDRIVEN;
    for (const [room, own] of Map.groupBy(rows, (row) => text(row, 'room'))) {
      result = plus(result, await ofRoom(room, own, dryRun));
    }
    return result;
  };

  return {
    async rows(keys, dryRun) {
      const rows: Item[] = [];
      let gone = 0;
      for (const key of distinct(keys)) {
        const row = await read(key);
        if (row === undefined) gone += 1;
        else rows.push(row);
      }
      return plus(await ofAll(rows, dryRun), { ...NOTHING_REDRIVEN, gone });
    },
    async acceptedIn({ from, to = Number.MAX_SAFE_INTEGER }, dryRun) {
      const rows: Item[] = [];
      for await (const row of scan(db, inboxTable)) if (isIn(row, from, to)) rows.push(row);
      return ofAll(rows, dryRun);
    },
  };
}

/** Answers whether the row still had anything to say. */
async function send(db: DynamoDb, table: string, row: Item, now: number): Promise<boolean> {
  try {
    await db.call('UpdateItem', {
      TableName: table,
      Key: { room: row['room'], entry: row['entry'] },
      UpdateExpression: 'SET redriven = :now',
      ConditionExpression: 'attribute_exists(content)',
      ExpressionAttributeValues: { ':now': { S: new Date(now).toISOString() } },
    });
    return true;
  } catch (error) {
    if (isConditionFailed(error)) return false;
    throw error;
  }
}

async function* scan(db: DynamoDb, table: string): AsyncIterable<Item> {
  let after: Item | undefined;
  do {
    const page = await db.call('Scan', {
      TableName: table,
      ConsistentRead: true,
      ...(after === undefined ? {} : { ExclusiveStartKey: after }),
    });
    yield* page.Items ?? [];
    after = page.LastEvaluatedKey;
  } while (after !== undefined);
}

const byAcceptance = (
  { arrival: a }: { readonly arrival: Arrival },
  { arrival: b }: { readonly arrival: Arrival },
) => a.acceptedAt - b.acceptedAt;

/** A row without a time is broken, and belongs to no stretch. */
function isIn(row: Item, from: number, to: number): boolean {
  const acceptedAt = number(row, 'acceptedAt') ?? Number.NaN;
  return acceptedAt >= from && acceptedAt <= to;
}

const distinct = (keys: readonly InboxKey[]) =>
  new Map(keys.map((key) => [JSON.stringify([key['room'], key['entry']]), key])).values();
