import * as v from 'valibot';

import type { Environment } from '../environment.ts';
import { apiPart } from './api-part.ts';
import { functionOfUri } from './function-arn.ts';
import { number, text } from './properties.ts';

const properties = v.object({
  ApiId: text,
  IntegrationType: text,
  IntegrationUri: v.optional(text, ''),
  /** The default hangs on the protocol of the API. */
  TimeoutInMillis: v.optional(number),
  PayloadFormatVersion: v.optional(v.picklist(['1.0', '2.0']), '1.0'),
  CredentialsArn: v.optional(text),
});

export type IntegrationProperties = v.InferOutput<typeof properties>;

/** `AWS::ApiGatewayV2::Integration`. Only Lambda proxies are run. */
export const integration = apiPart('AWS::ApiGatewayV2::Integration', properties);

/** The function behind an integration; undefined when it is not a Lambda proxy. */
export function integratedFunction(
  { IntegrationType, IntegrationUri }: IntegrationProperties,
  environment: Environment,
): string | undefined {
  return IntegrationType === 'AWS_PROXY' ? functionOfUri(IntegrationUri, environment) : undefined;
}

/** Why a function behind an API cannot be had; undefined when it can. */
export function integrationObstacle(
  declared: IntegrationProperties,
  environment: Environment,
): string | undefined {
  return integratedFunction(declared, environment) === undefined
    ? `an ${declared.IntegrationType} integration with this URI is not run`
    : undefined;
}
