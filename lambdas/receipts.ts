import { callbackEndpoint, createConnectionsApi } from './core/aws/connections-api.ts';
import { createDynamoDb } from './core/aws/dynamodb.ts';
import { createDeliver, POSTS_AT_ONCE } from './core/deliver.ts';
import { createOnline } from './core/online.ts';
import { createReceipts, type MemberRecord } from './core/receipts.ts';
import { report } from './core/report.ts';
import { createRoster } from './core/roster.ts';
import { createViewers } from './core/viewers.ts';
import { variable } from './environment.ts';

/** Listens to the Rooms table, a window's records at a time, and tells who has read up to where. */
const db = createDynamoDb();
const connections = { db, table: variable('connections') };
const receipts = createReceipts({
  roster: createRoster({ db, table: variable('rooms') }),
  viewers: createViewers(connections),
  online: createOnline(connections),
  deliver: createDeliver({
    api: createConnectionsApi(callbackEndpoint(variable('callbackUrl'), POSTS_AT_ONCE)),
  }),
});

export const handler = async (
  event: { readonly Records: readonly MemberRecord[] },
  context: { getRemainingTimeInMillis(): number },
): Promise<void> => {
  const posted = await receipts(event.Records, Date.now() + context.getRemainingTimeInMillis());
  report({ route: 'receipts', records: event.Records.length, posted });
};
