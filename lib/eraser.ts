import { Duration } from 'aws-cdk-lib';
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

import type { Bundles } from './bundle.ts';
import { ChatFunction } from './chat-function.ts';
import type { ChatTables } from './chat-tables.ts';

/**
 * Listens to the log's stream for deletes, and erases what the message said from the Inbox, which the
 * broadcaster must not write: it would wake itself. Nobody waits for it, and it may be repeated.
 */
export interface EraserProps {
  readonly bundles: Bundles;
  readonly tables: ChatTables;
  readonly logRetention: RetentionDays;
}

export class Eraser extends Construct {
  constructor(scope: Construct, id: string, { bundles, tables, logRetention }: EraserProps) {
    super(scope, id);
    const erase = new ChatFunction(this, 'Erase', {
      bundles,
      entry: 'erase',
      description: 'erases what deleted messages said',
      timeout: Duration.seconds(60),
      memory: 512,
      logRetention,
    });
    tables.grantErase(erase);
    erase.fn.addEventSourceMapping('Log', {
      eventSourceArn: tables.grantStream(erase, 'messages'),
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      bisectBatchOnError: true,
      // Until the stream has lost the record: words that should be gone are worth every try.
      maxRecordAge: Duration.days(1),
      filters: [
        FilterCriteria.filter({
          eventName: FilterRule.isEqual('INSERT'),
          dynamodb: { NewImage: { kind: { S: FilterRule.or('delete', 'edit') } } },
        }),
      ],
    });
  }
}
