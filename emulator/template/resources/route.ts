import * as v from 'valibot';

import type { LambdaIntegration, RequestAuthorizer, WebSocketRoute } from '../../model.ts';
import { apiPart, partsOf } from './api-part.ts';
import { authorizer } from './authorizer.ts';
import { functionOfUri } from './function-arn.ts';
import { integratedFunction, integration } from './integration.ts';
import type { IntegrationProperties } from './integration.ts';
import { flag, text } from './properties.ts';
import type { Cloud, ResolvedResource } from './resource-type.ts';

/** Milliseconds; also the most that AWS allows. */
const DEFAULT_TIMEOUT_MS = 29_000;

const properties = v.object({
  ApiId: text,
  RouteKey: text,
  /** `integrations/<id>`. */
  Target: v.optional(text, ''),
  AuthorizationType: v.optional(text, 'NONE'),
  AuthorizerId: v.optional(text, ''),
  AuthorizationScopes: v.optional(v.array(text), []),
  ApiKeyRequired: v.optional(flag, false),
  RouteResponseSelectionExpression: v.optional(text),
  ModelSelectionExpression: v.optional(text),
});

export type Route = ResolvedResource<v.InferOutput<typeof properties>>;

/** `AWS::ApiGatewayV2::Route`. Request models are not run, and a route that selects one is named. */
export const route = apiPart('AWS::ApiGatewayV2::Route', properties);

/** `AWS::ApiGatewayV2::RouteResponse`: with `$default`, the route's Lambda answers the client. */
export const routeResponse = apiPart(
  'AWS::ApiGatewayV2::RouteResponse',
  v.object({ ApiId: text, RouteId: text, RouteResponseKey: text }),
);

/** The route as the model has it, with its integration and its authorizer. */
export function readRoute(route: Route, cloud: Cloud): WebSocketRoute {
  const integration = integrationOf(route, cloud);
  return {
    routeKey: route.properties.RouteKey,
    ...(integration === undefined ? {} : { integration }),
    ...(route.properties.AuthorizationType === 'CUSTOM'
      ? { authorizer: authorizerOf(route, cloud) }
      : {}),
    returnsResponse: returnsResponse(route, cloud),
  };
}

/** What a route asks for that is not copied; it runs without. */
export function uncheckedIn({ properties }: Route): string[] {
  const { AuthorizationType, ApiKeyRequired, ModelSelectionExpression } = properties;
  return [
    ...(['NONE', 'CUSTOM'].includes(AuthorizationType)
      ? []
      : [`${AuthorizationType} authorization is not checked`]),
    ...(ApiKeyRequired ? ['API keys are not checked'] : []),
    ...(ModelSelectionExpression === undefined
      ? []
      : ['bodies are not validated by request models']),
  ];
}

function integrationOf(
  { properties: { ApiId, Target }, environment }: Route,
  cloud: Cloud,
): LambdaIntegration | undefined {
  const declared = integrationBehind({ ApiId, Target }, cloud);
  const functionArn = declared && integratedFunction(declared.properties, environment);
  return functionArn === undefined || declared === undefined
    ? undefined
    : { functionArn, timeoutMs: declared.properties.TimeoutInMillis ?? DEFAULT_TIMEOUT_MS };
}

/** The integration that a route names as its target. */
export function integrationBehind(
  { ApiId, Target }: Pick<Route['properties'], 'ApiId' | 'Target'>,
  cloud: Cloud,
): ResolvedResource<IntegrationProperties> | undefined {
  return partsOf(ApiId, integration, cloud).find(
    ({ identity }) => Target === `integrations/${identity.ref}`,
  );
}

/** An authorizer that cannot be had refuses all, by having no function: a route must not fall open. */
function authorizerOf(
  { properties: { ApiId, AuthorizerId }, environment }: Route,
  cloud: Cloud,
): RequestAuthorizer {
  const declared = partsOf(ApiId, authorizer, cloud).find(
    ({ identity }) => identity.ref === AuthorizerId,
  )?.properties;
  return {
    authorizerId: AuthorizerId,
    functionArn: functionOfUri(declared?.AuthorizerUri ?? '', environment) ?? '',
    identitySources: declared?.IdentitySource ?? [],
  };
}

/** AWS wants both: the selection on the route, and a response of that name. */
function returnsResponse({ identity, properties }: Route, cloud: Cloud): boolean {
  return (
    properties.RouteResponseSelectionExpression === '$default' &&
    partsOf(properties.ApiId, routeResponse, cloud).some(
      ({ properties: { RouteId, RouteResponseKey } }) =>
        RouteId === identity.ref && RouteResponseKey === '$default',
    )
  );
}
