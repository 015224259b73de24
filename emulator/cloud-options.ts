import type { Clock } from './clock.ts';
import type { FaultPlan } from './faults/plan.ts';
import type { Quotas } from './gateway/account-throttle.ts';
import type { GatewayLimits } from './gateway/limits.ts';
import type { IamMode } from './iam/access.ts';
import type { Log } from './log.ts';
import type { SynthesizableApp } from './template/synthesized.ts';

/** What a cloud can be told at its start; all but the assembly has a default. */
export interface CloudOptions {
  /** The directory of the cloud assembly; this, or `app`. */
  readonly assembly?: string;
  /**
   * A CDK `App`, which is synthesized to where it says, by default to a new temporary directory, which goes when
   * the last cloud that runs it is closed.
   */
  readonly app?: SynthesizableApp;
  /** Of the first API, those of WebSockets first; further ones take the ports after it. Default 0: any free ones. */
  readonly port?: number;
  /** `embedded`, or the URL of anything that speaks DynamoDB. Default `embedded`. */
  readonly dynamodb?: string;
  /** Keeps tables and stream positions between runs; default: they end with the cloud. */
  readonly dataDirectory?: string;
  /** Parameters by name, and dynamic references by what stands after `resolve:`. */
  readonly values?: Readonly<Record<string, string>>;
  /** `enforce` refuses what AWS would, `warn` only says so, `off` looks at no policy. Default `enforce`. */
  readonly iam?: IamMode;
  /** Default: silence. */
  readonly log?: Log;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** Milliseconds between polls of a stream; default 250, as on AWS; 0 follows every write at once. */
  readonly streamPollMs?: number;
  /** Shortens the batching windows of streams by this factor. Default 1: as declared. */
  readonly batchingWindowScale?: number;
  /** Filters that an event source mapping may have; default 5, and up to 10 where AWS was asked for more. */
  readonly filtersPerMapping?: number;
  readonly gatewayLimits?: Partial<GatewayLimits>;
  /** What API Gateway grants the account, all APIs together; default `aws`, `off`: no quota. */
  readonly quotas?: Quotas;
  /** A line of the log for each frame, post, open and close; `content`: with what was said. Default `off`. */
  readonly trace?: 'off' | 'lines' | 'content';
  /** What is to go wrong; throws a `FaultPlanError` when it cannot be read. Default: nothing. */
  readonly faults?: FaultPlan;
}
