import { Duration } from 'aws-cdk-lib';
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

import type { Bundles } from './bundle.ts';
import type { ChatApi } from './chat-api.ts';
import { ChatFunction } from './chat-function.ts';
import type { ChatTables } from './chat-tables.ts';
import type { FanOut } from './fan-out.ts';

/**
 * The stream's side: the one function that numbers what was accepted and posts it to the members
 * online, and the queue for what it had to give up.
 */
export interface BroadcasterProps {
  readonly bundles: Bundles;
  readonly tables: ChatTables;
  readonly api: ChatApi;
  readonly fanOut: FanOut;
  readonly logRetention: RetentionDays;
}

/** Records of one batch: they become one transaction, which takes 100, and as few frames. */
const BATCH_SIZE = 100;

/** A whole CPU: posts are CPU-bound from some hundred connections on. */
const MEMORY_MB = 1_769;

/** Long enough for every room of a batch; a retry begins only when it is over. */
const TIMEOUT = Duration.seconds(60);

/**
 * An outage is waited out this long, well within the 24 hours that a stream keeps its records. Then
 * the batch's place goes to the queue; the messages themselves stay in the Inbox for a redrive.
 */
const RECORD_AGE = Duration.hours(12);

/** Lambda's largest number; the age ends it, not the count. */
const RETRIES = 10_000;

export class Broadcaster extends Construct {
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: BroadcasterProps) {
    super(scope, id);
    const { tables, api } = props;
    this.deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    const broadcast = new ChatFunction(this, 'Broadcast', {
      bundles: props.bundles,
      entry: 'broadcast',
      description: 'numbers accepted messages and posts them to the members online',
      timeout: TIMEOUT,
      memory: MEMORY_MB,
      logRetention: props.logRetention,
    });
    tables.grantAppendLog(broadcast);
    tables.grantRecipients(broadcast);
    tables.grantForget(broadcast);
    tables.grantMembership(broadcast);
    api.grantPost(broadcast);
    props.fanOut.grantStart(broadcast);
    broadcast.environment('deadLetters', this.deadLetters.queueUrl);
    broadcast.allow(['sqs:SendMessage'], [this.deadLetters.queueArn]);

    broadcast.fn.addEventSourceMapping('Inbox', {
      eventSourceArn: tables.grantStream(broadcast, 'inbox'),
      // LATEST can miss records while the mapping is being made or replaced; a replay harms nothing.
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: BATCH_SIZE,
      // More than one would let two batches number the same room at once.
      parallelizationFactor: 1,
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      retryAttempts: RETRIES,
      maxRecordAge: RECORD_AGE,
      // Not CDK's `SqsDlq`, which grants two rights more than to send, which the function has.
      onFailure: { bind: () => ({ destination: this.deadLetters.queueArn }) },
      // A redrive rewrites an item, which is a MODIFY; the TTL's REMOVE is nobody's message.
      filters: [FilterCriteria.filter({ eventName: FilterRule.or('INSERT', 'MODIFY') })],
    });
  }
}
