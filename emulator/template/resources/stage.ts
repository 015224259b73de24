import * as v from 'valibot';

import type { Stage, Throttle } from '../../model.ts';
import { apiPart } from './api-part.ts';
import { flag, number, text } from './properties.ts';

/** What AWS lets an account have when a stage sets only one of the two. */
const DEFAULT_RATE = 10_000;
const DEFAULT_BURST = 5_000;

const settings = v.object({
  ThrottlingRateLimit: v.optional(number),
  ThrottlingBurstLimit: v.optional(number),
});

type Settings = v.InferOutput<typeof settings>;

const properties = v.object({
  ApiId: text,
  StageName: text,
  AutoDeploy: v.optional(flag, false),
  DeploymentId: v.optional(text),
  StageVariables: v.optional(v.record(v.string(), text), {}),
  DefaultRouteSettings: v.optional(settings, {}),
  /** By route key. */
  RouteSettings: v.optional(v.record(v.string(), settings), {}),
});

/** `AWS::ApiGatewayV2::Stage`. Access logs, and settings other than throttles, are not copied. */
export const stage = apiPart('AWS::ApiGatewayV2::Stage', properties, {
  name: { property: 'StageName', limit: 128 },
  identify: ({ name }) => ({ ref: name }),
});

/** `AWS::ApiGatewayV2::Deployment`: that a stage names one is all that matters here. */
export const deployment = apiPart('AWS::ApiGatewayV2::Deployment', v.object({ ApiId: text }));

/** The stage as the model has it. */
export function readStage(declared: v.InferOutput<typeof properties>): Stage {
  const { DefaultRouteSettings, RouteSettings } = declared;
  const throttle = readThrottle(DefaultRouteSettings);
  // What a route leaves open is the stage's, then the account's [UNV].
  const routes = Object.entries(RouteSettings).flatMap(([routeKey, own]) => {
    const routeThrottle = readThrottle(own, throttle);
    return routeThrottle === undefined ? [] : [[routeKey, routeThrottle] as const];
  });
  return {
    name: declared.StageName,
    deployed: declared.AutoDeploy || declared.DeploymentId !== undefined,
    variables: declared.StageVariables,
    ...(throttle === undefined ? {} : { throttle }),
    ...(routes.length === 0 ? {} : { routeThrottles: new Map(routes) }),
  };
}

const ACCOUNT: Throttle = { rate: DEFAULT_RATE, burst: DEFAULT_BURST };

function readThrottle(
  { ThrottlingRateLimit, ThrottlingBurstLimit }: Settings,
  { rate, burst }: Throttle = ACCOUNT,
): Throttle | undefined {
  return ThrottlingRateLimit === undefined && ThrottlingBurstLimit === undefined
    ? undefined
    : { rate: ThrottlingRateLimit ?? rate, burst: ThrottlingBurstLimit ?? burst };
}
