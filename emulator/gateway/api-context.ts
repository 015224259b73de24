import type { Activity } from '../activity.ts';
import type { Clock } from '../clock.ts';
import type { Invoke } from '../invocation.ts';
import type { Log } from '../log.ts';
import type { Cause } from '../meter/cause.ts';
import type { Meter } from '../meter/meter.ts';
import type { Trace } from '../trace/trace.ts';
import type { Stage, WebSocketApi, WebSocketRoute } from '../model.ts';
import type { AccountThrottle } from './account-throttle.ts';
import type { Ids, Random } from './ids.ts';
import type { GatewayLimits } from './limits.ts';
import type { RouteThrottle } from './route-throttle.ts';

/** What every part of one gateway works with: its API, and the ways out of it. */
export interface ApiContext {
  readonly api: WebSocketApi;
  readonly region: string;
  readonly account: string;
  /** Overrides what events call `domainName`; without it, the host the client used. */
  readonly domainName?: string;
  readonly invoke: Invoke;
  readonly clock: Clock;
  readonly activity: Activity;
  readonly meter: Meter;
  readonly log: Log;
  /** Sees what passes. */
  readonly trace?: Trace;
  /** Of the account, shared with its other APIs. */
  readonly throttle: AccountThrottle;
  /** Of this API's stages. */
  readonly routeThrottle: RouteThrottle;
  readonly limits: GatewayLimits;
  readonly ids: Ids;
  readonly random: Random;
}

/** What calls functions on behalf of an API, of WebSockets or of HTTP. */
export interface CallingApi {
  readonly api: { readonly apiId: string; readonly path: string };
  readonly region: string;
  readonly account: string;
  readonly invoke: Invoke;
  readonly clock: Clock;
  readonly log: Log;
}

/** `arn:aws:execute-api:<region>:<account>:<apiId>/<path>`. */
export function executeApiArn(
  context: Omit<CallingApi, 'invoke' | 'clock' | 'log'>,
  path: string,
): string {
  return `arn:aws:execute-api:${context.region}:${context.account}:${context.api.apiId}/${path}`;
}

/** A stage that serves: one nothing was deployed to does not, as on AWS. */
export function deployedStage(context: ApiContext, name: string | undefined): Stage | undefined {
  return context.api.stages.find((stage) => stage.name === name && stage.deployed);
}

/** What the meter puts on the account of a route. */
export function routeCause({ api }: Pick<CallingApi, 'api'>, route: string): Cause {
  return { api: api.path, route };
}

export function routeOf(context: ApiContext, routeKey: string): WebSocketRoute | undefined {
  return context.api.routes.find((route) => route.routeKey === routeKey);
}
