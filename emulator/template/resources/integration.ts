import * as v from 'valibot';

import type { Environment } from '../environment.ts';
import { apiPart } from './api-part.ts';
import { functionOfUri } from './function-arn.ts';
import { number, text } from './properties.ts';

/** Milliseconds; also the most that AWS allows. */
const DEFAULT_TIMEOUT_MS = 29_000;

const properties = v.object({
  ApiId: text,
  IntegrationType: text,
  IntegrationUri: v.optional(text, ''),
  TimeoutInMillis: v.optional(number, DEFAULT_TIMEOUT_MS),
  CredentialsArn: v.optional(text),
});

/** `AWS::ApiGatewayV2::Integration`. Only Lambda proxies are run. */
export const integration = apiPart('AWS::ApiGatewayV2::Integration', properties);

/** The function behind an integration; undefined when it is not a Lambda proxy. */
export function integratedFunction(
  { IntegrationType, IntegrationUri }: v.InferOutput<typeof properties>,
  environment: Environment,
): string | undefined {
  return IntegrationType === 'AWS_PROXY' ? functionOfUri(IntegrationUri, environment) : undefined;
}
