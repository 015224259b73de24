import { Duration } from 'aws-cdk-lib';
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

import {
  DEVICE_ROWS,
  MEMBER_ENTRIES,
  ONLINE_ROWS,
  SHARDS_ROW,
  VIEW_ROWS,
} from '../lambdas/environment.ts';
import type { Bundles } from './bundle.ts';
import type { ChatApi } from './chat-api.ts';
import { ChatFunction } from './chat-function.ts';
import type { ChatTables } from './chat-tables.ts';

/**
 * What goes on in a room without being said, gathered for a moment and told to those who look: who
 * comes and goes (the stream of Connections), who has read up to where (the stream of Rooms). The
 * batching window is what keeps the posts in proportion to the people: everything of one window is one
 * frame for each viewer.
 */
export interface DigestsProps {
  readonly bundles: Bundles;
  readonly tables: ChatTables;
  readonly api: ChatApi;
  readonly logRetention: RetentionDays;
}

const PRESENCE_WINDOW = Duration.seconds(2);
const RECEIPTS_WINDOW = Duration.seconds(1);

/** So many records, or the end of the window, whichever is first. */
const BATCH_SIZE = 1_000;

/** A digest that is minutes old tells nobody anything. */
const RECORD_AGE = Duration.minutes(5);
const RETRIES = 3;

const MEMORY_MB = 1_024;
const TIMEOUT = Duration.seconds(60);

export class Digests extends Construct {
  constructor(scope: Construct, id: string, props: DigestsProps) {
    super(scope, id);
    this.addPresence(props);
    this.addReceipts(props);
  }

  private addPresence(props: DigestsProps): void {
    const { tables, api } = props;
    const presence = this.addFunction(
      'Presence',
      'presence',
      'tells who looks at a room who is there',
      props,
    );
    tables.grantRecipients(presence);
    tables.grantNoteLastSeen(presence);
    tables.grantForget(presence);
    api.grantPost(presence);
    api.grantProbe(presence);
    this.listen(presence, tables.grantStream(presence, 'connections'), PRESENCE_WINDOW, [
      rows(['INSERT', 'REMOVE'], {
        pk: { S: FilterRule.beginsWith(ONLINE_ROWS) },
        sk: { S: FilterRule.notEquals(SHARDS_ROW) },
      }),
      rows(['INSERT', 'MODIFY'], { pk: { S: FilterRule.beginsWith(VIEW_ROWS) } }),
      rows(['REMOVE'], { pk: { S: FilterRule.beginsWith(DEVICE_ROWS) } }),
    ]);
  }

  private addReceipts(props: DigestsProps): void {
    const { tables, api } = props;
    const receipts = this.addFunction(
      'Receipts',
      'receipts',
      'tells who looks at a room what was read',
      props,
    );
    tables.grantMembership(receipts);
    tables.grantRecipients(receipts);
    api.grantPost(receipts);
    this.listen(receipts, tables.grantStream(receipts, 'rooms'), RECEIPTS_WINDOW, [
      rows(['MODIFY'], { entry: { S: FilterRule.beginsWith(MEMBER_ENTRIES) } }),
    ]);
  }

  private addFunction(
    id: string,
    entry: string,
    description: string,
    { bundles, logRetention }: DigestsProps,
  ): ChatFunction {
    const size = { timeout: TIMEOUT, memory: MEMORY_MB };
    return new ChatFunction(this, id, { bundles, entry, description, ...size, logRetention });
  }

  private listen(
    { fn }: ChatFunction,
    eventSourceArn: string,
    maxBatchingWindow: Duration,
    filters: ReturnType<typeof rows>[],
  ): void {
    fn.addEventSourceMapping('Changes', {
      eventSourceArn,
      // What happened before is over: the state of the tables is what is told.
      startingPosition: StartingPosition.LATEST,
      batchSize: BATCH_SIZE,
      maxBatchingWindow,
      retryAttempts: RETRIES,
      maxRecordAge: RECORD_AGE,
      filters,
    });
  }
}

const rows = (events: readonly string[], Keys: object) =>
  FilterCriteria.filter({ eventName: FilterRule.or(...events), dynamodb: { Keys } });
