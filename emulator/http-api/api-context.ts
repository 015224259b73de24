import type { Activity } from '../activity.ts';
import type { AccountThrottle } from '../gateway/account-throttle.ts';
import type { CallingApi } from '../gateway/api-context.ts';
import type { Random } from '../gateway/ids.ts';
import type { Meter } from '../meter/meter.ts';
import type { Trace } from '../trace/trace.ts';
import type { HttpApi, HttpRoute, Stage } from '../model.ts';
import type { HttpRequest } from './http-request.ts';
import type { HttpApiLimits } from './limits.ts';

/** What every part of one HTTP API works with. */
export interface HttpApiContext extends CallingApi {
  readonly api: HttpApi;
  readonly activity: Activity;
  readonly meter: Meter;
  /** Sees what passes. */
  readonly trace?: Trace;
  /** Of the account, shared with its other APIs. */
  readonly throttle: AccountThrottle;
  readonly limits: HttpApiLimits;
  readonly random: Random;
}

/** One request on its way through an API. */
export interface Exchange {
  readonly request: HttpRequest;
  readonly stage: Stage;
  /** Decoded, with the stage's name unless that is `$default`. */
  readonly rawPath: string;
  /** Decoded, without the stage. */
  readonly path: string;
  readonly route: HttpRoute;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly requestId: string;
  readonly traceId: string;
  /** Epoch milliseconds. */
  readonly at: number;
}
