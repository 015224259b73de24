import * as v from 'valibot';

import type { UnsupportedResource, WebSocketApi } from '../../model.ts';
import { partsOf } from './api-part.ts';
import { permissionsByCredentials, powerlessRoles } from './api-credentials.ts';
import { authorizer } from './authorizer.ts';
import { functionOfUri } from './function-arn.ts';
import { httpProperties, readHttpApi } from './http-api.ts';
import { integration, integrationObstacle } from './integration.ts';
import { text } from './properties.ts';
import { notRun, resourceType } from './resource-type.ts';
import type { Cloud, Contribution, ResolvedResource } from './resource-type.ts';
import { readRoute, route, uncheckedIn } from './route.ts';
import { readStage, stage } from './stage.ts';

/**
 * `AWS::ApiGatewayV2::Api`: one of HTTP is read in `http-api.ts`, one of WebSockets here, put together from its routes, integrations,
 * authorizers and stages. An integration that is not a Lambda proxy leaves its routes without one,
 * and is named as not run, as is every check on a route that nothing here makes.
 */
const API_ID_LENGTH = 10;
const DEFAULT_SELECTION = '$request.body.action';

const properties = v.object({
  Name: v.optional(text, ''),
  ProtocolType: v.optional(text, 'HTTP'),
  RouteSelectionExpression: v.optional(text, DEFAULT_SELECTION),
  ...httpProperties,
});

type Api = ResolvedResource<v.InferOutput<typeof properties>>;

export const api = resourceType({
  type: 'AWS::ApiGatewayV2::Api',
  properties,
  identify({ id, environment, declared }) {
    const apiId = id(API_ID_LENGTH);
    const host = `${apiId}.execute-api.${environment.region}.${environment.urlSuffix}`;
    const scheme = declared['ProtocolType'] === 'WEBSOCKET' ? 'wss' : 'https';
    return { ref: apiId, attributes: { ApiId: apiId, ApiEndpoint: `${scheme}://${host}` } };
  },
  read(resource, cloud): Contribution {
    const { ProtocolType } = resource.properties;
    const isHttp = ProtocolType === 'HTTP';
    if (!isHttp && ProtocolType !== 'WEBSOCKET') {
      return notRun(resource, `${ProtocolType} APIs are not run`);
    }
    const { unsupported = [], ...read } = isHttp
      ? readHttpApi(resource, cloud)
      : { apis: [readApi(resource, cloud)], unsupported: uncheckedRoutes(resource, cloud) };
    if (!('apis' in read || 'httpApis' in read)) return { unsupported };
    return {
      ...read,
      permissions: permissionsByCredentials(resource, cloud),
      unsupported: [
        ...unsupported,
        ...unsupportedIn(resource, cloud),
        ...powerlessRoles(resource, cloud),
      ],
    };
  },
});

function readApi({ logicalId, path, identity, properties }: Api, cloud: Cloud): WebSocketApi {
  return {
    logicalId,
    path,
    apiId: identity.ref,
    name: properties.Name,
    routeSelectionExpression: properties.RouteSelectionExpression,
    routes: partsOf(identity.ref, route, cloud).map((declared) => readRoute(declared, cloud)),
    stages: partsOf(identity.ref, stage, cloud).map(({ properties }) => readStage(properties)),
  };
}

function uncheckedRoutes({ identity }: Api, cloud: Cloud): UnsupportedResource[] {
  return partsOf(identity.ref, route, cloud).flatMap((declared) =>
    uncheckedIn(declared).flatMap((reason) => notRun(declared, reason).unsupported ?? []),
  );
}

function unsupportedIn({ identity, environment }: Api, cloud: Cloud): UnsupportedResource[] {
  const integrations = partsOf(identity.ref, integration, cloud).map((declared) => ({
    declared,
    reason: integrationObstacle(declared.properties, environment),
  }));
  const authorizers = partsOf(identity.ref, authorizer, cloud)
    .filter(({ properties }) => properties.AuthorizerType === 'REQUEST')
    .filter(({ properties }) => functionOfUri(properties.AuthorizerUri, environment) === undefined)
    .map((declared) => ({
      declared,
      reason: 'its URI is not that of a function: it lets nobody in',
    }));
  return [...integrations, ...authorizers].flatMap(({ declared, reason }) =>
    reason === undefined ? [] : (notRun(declared, reason).unsupported ?? []),
  );
}
