import type { HttpAuthorizer, HttpRoute } from '../../model.ts';
import { partsOf } from './api-part.ts';
import { authorizer } from './authorizer.ts';
import type { AuthorizerProperties } from './authorizer.ts';
import { functionOfUri } from './function-arn.ts';
import { integratedFunction } from './integration.ts';
import type { Cloud, ResolvedResource } from './resource-type.ts';
import { integrationBehind } from './route.ts';
import type { Route } from './route.ts';

/**
 * A route of an HTTP API as the model has it. An authorization that is not run lets nobody in, where
 * AWS would let some: a route never falls open.
 */

/** Milliseconds; also the most that AWS allows. */
const DEFAULT_TIMEOUT_MS = 30_000;

const DEFAULT_IDENTITY_SOURCE = '$request.header.Authorization';

export function readHttpRoute(route: Route, cloud: Cloud): HttpRoute {
  const declared = integrationBehind(route.properties, cloud);
  const functionArn = declared && integratedFunction(declared.properties, route.environment);
  const authorizer = authorizerOf(route, cloud);
  return {
    routeKey: route.properties.RouteKey,
    ...(declared === undefined || functionArn === undefined
      ? {}
      : {
          integration: {
            functionArn,
            timeoutMs: declared.properties.TimeoutInMillis ?? DEFAULT_TIMEOUT_MS,
            payloadFormat: declared.properties.PayloadFormatVersion,
          },
        }),
    ...(authorizer === undefined ? {} : { authorizer }),
  };
}

/** What a route asks for that is not run, and so refuses everybody. */
export function uncheckedInHttp(route: Route, cloud: Cloud): string[] {
  const { AuthorizationType } = route.properties;
  return authorizerOf(route, cloud)?.kind === 'refuse'
    ? [`${AuthorizationType} authorization is not run here: the route lets nobody in`]
    : [];
}

function authorizerOf(
  { properties, environment }: Route,
  cloud: Cloud,
): HttpAuthorizer | undefined {
  const { ApiId, AuthorizationType, AuthorizerId, AuthorizationScopes } = properties;
  if (AuthorizationType === 'NONE') return undefined;
  const declared = partsOf(ApiId, authorizer, cloud).find(
    ({ identity }) => identity.ref === AuthorizerId,
  );
  if (declared === undefined) return { kind: 'refuse' };
  if (AuthorizationType === 'JWT') return jwtAuthorizer(declared, AuthorizationScopes);
  const functionArn = functionOfUri(declared.properties.AuthorizerUri, environment);
  return AuthorizationType === 'CUSTOM' && functionArn !== undefined
    ? lambdaAuthorizer(declared, functionArn)
    : { kind: 'refuse' };
}

type Declared = ResolvedResource<AuthorizerProperties>;

function jwtAuthorizer(
  { identity, properties }: Declared,
  scopes: readonly string[],
): HttpAuthorizer {
  const { Issuer, Audience } = properties.JwtConfiguration;
  return {
    kind: 'jwt',
    authorizerId: identity.ref,
    issuer: Issuer,
    audience: Audience,
    identitySource: properties.IdentitySource[0] ?? DEFAULT_IDENTITY_SOURCE,
    scopes,
  };
}

function lambdaAuthorizer({ identity, properties }: Declared, functionArn: string): HttpAuthorizer {
  return {
    kind: 'lambda',
    authorizerId: identity.ref,
    functionArn,
    payloadFormat: properties.AuthorizerPayloadFormatVersion,
    simpleResponses: properties.EnableSimpleResponses,
    identitySources: properties.IdentitySource,
    cacheSeconds: properties.AuthorizerResultTtlInSeconds,
  };
}
