import { Duration } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

import type { Bundles } from './bundle.ts';
import type { ChatApi } from './chat-api.ts';
import { ChatFunction } from './chat-function.ts';
import type { ChatTables } from './chat-tables.ts';

/**
 * Posts to large rooms: one function that shares a job out, and one that posts a share. Both are
 * started by somebody who does not wait for them.
 */
export interface FanOutProps {
  readonly bundles: Bundles;
  readonly tables: ChatTables;
  readonly api: ChatApi;
  readonly logRetention: RetentionDays;
  /** Posts per second to all large rooms together. */
  readonly postsPerSecond: number;
  /** Connections above which a room is large. */
  readonly largeRoom: number;
}

/** Lambda's longest: a job waits for its time, five minutes at most, and then as long as its posts take. */
const JOB_TIMEOUT = Duration.minutes(15);
/** A whole CPU: to read 100,000 rows is most of its work. */
const JOB_MEMORY_MB = 1_769;

/** 500 connections take a tenth of a second, whoever does not answer another second for each frame. */
const SHARE_TIMEOUT = Duration.seconds(60);
const SHARE_MEMORY_MB = 1_024;

/** Lambda's shortest: a post that is a minute late is what `sync` is for. */
const EVENT_AGE = Duration.minutes(1);

export class FanOut extends Construct {
  private readonly job: ChatFunction;
  private readonly props: FanOutProps;

  constructor(scope: Construct, id: string, props: FanOutProps) {
    super(scope, id);
    this.props = props;
    const { tables, api } = props;
    const share = this.addFunction('Deliver', 'deliver', 'posts to some hundred connections', {
      timeout: SHARE_TIMEOUT,
      memory: SHARE_MEMORY_MB,
    });
    tables.grantForget(share);
    api.grantPost(share);

    this.job = this.addFunction('FanOut', 'fan-out', 'shares out the posts to a large room', {
      timeout: JOB_TIMEOUT,
      memory: JOB_MEMORY_MB,
    });
    tables.grantReadLog(this.job);
    tables.grantRecipients(this.job);
    tables.grantRoomSize(this.job);
    this.grantBudget(this.job);
    this.job.environment('deliver', share.fn.functionName);
    this.job.allow(['lambda:InvokeFunction'], [share.fn.functionArn]);
  }

  /** To start jobs for large rooms. */
  grantStart(fn: ChatFunction): void {
    this.grantBudget(fn);
    fn.environment('fanOut', this.job.fn.functionName);
    fn.allow(['lambda:InvokeFunction'], [this.job.fn.functionArn]);
  }

  private grantBudget(fn: ChatFunction): void {
    this.props.tables.grantPostBudget(fn);
    fn.environment('postsPerSecond', String(this.props.postsPerSecond));
    fn.environment('largeRoom', String(this.props.largeRoom));
  }

  private addFunction(
    id: string,
    entry: 'fan-out' | 'deliver',
    description: string,
    size: { readonly timeout: Duration; readonly memory: number },
  ): ChatFunction {
    const { bundles, logRetention } = this.props;
    const fn = new ChatFunction(this, id, { bundles, entry, description, ...size, logRetention });
    // Posts are hints: what failed is not tried again, and what waits for long is not worth it.
    fn.fn.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: EVENT_AGE });
    return fn;
  }
}
