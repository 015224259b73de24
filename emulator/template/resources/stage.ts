import * as v from 'valibot';

import type { Stage } from '../../model.ts';
import { apiPart } from './api-part.ts';
import { flag, number, text } from './properties.ts';

/** What AWS lets an account have when a stage sets only one of the two. */
const DEFAULT_RATE = 10_000;
const DEFAULT_BURST = 5_000;

const properties = v.object({
  ApiId: text,
  StageName: text,
  AutoDeploy: v.optional(flag, false),
  DeploymentId: v.optional(text),
  StageVariables: v.optional(v.record(v.string(), text), {}),
  DefaultRouteSettings: v.optional(
    v.object({
      ThrottlingRateLimit: v.optional(number),
      ThrottlingBurstLimit: v.optional(number),
    }),
    {},
  ),
});

/** `AWS::ApiGatewayV2::Stage`. Settings of single routes and access logs are not copied. */
export const stage = apiPart('AWS::ApiGatewayV2::Stage', properties, {
  name: { property: 'StageName', limit: 128 },
  identify: ({ name }) => ({ ref: name }),
});

/** `AWS::ApiGatewayV2::Deployment`: that a stage names one is all that matters here. */
export const deployment = apiPart('AWS::ApiGatewayV2::Deployment', v.object({ ApiId: text }));

/** The stage as the model has it. */
export function readStage(declared: v.InferOutput<typeof properties>): Stage {
  const { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst } = declared.DefaultRouteSettings;
  return {
    name: declared.StageName,
    deployed: declared.AutoDeploy || declared.DeploymentId !== undefined,
    variables: declared.StageVariables,
    ...(rate === undefined && burst === undefined
      ? {}
      : { throttle: { rate: rate ?? DEFAULT_RATE, burst: burst ?? DEFAULT_BURST } }),
  };
}
