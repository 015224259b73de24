import * as v from 'valibot';

import { arnIn } from '../environment.ts';
import type { Permission, UnsupportedResource, WebSocketApi } from '../../model.ts';
import { partsOf } from './api-part.ts';
import { authorizer } from './authorizer.ts';
import { functionOfUri } from './function-arn.ts';
import { integratedFunction, integration } from './integration.ts';
import { text } from './properties.ts';
import { notRun, resourceType } from './resource-type.ts';
import type { Cloud, Contribution, ResolvedResource } from './resource-type.ts';
import { readRoute, route, uncheckedIn } from './route.ts';
import { readStage, stage } from './stage.ts';

/**
 * `AWS::ApiGatewayV2::Api` of the protocol WEBSOCKET, put together from its routes, integrations,
 * authorizers and stages. An integration that is not a Lambda proxy leaves its routes without one,
 * and is named as not run, as is every check on a route that nothing here makes.
 */
const API_ID_LENGTH = 10;
const DEFAULT_SELECTION = '$request.body.action';

const properties = v.object({
  Name: v.optional(text, ''),
  ProtocolType: v.optional(text, 'HTTP'),
  RouteSelectionExpression: v.optional(text, DEFAULT_SELECTION),
});

type Api = ResolvedResource<v.InferOutput<typeof properties>>;

export const api = resourceType({
  type: 'AWS::ApiGatewayV2::Api',
  properties,
  identify({ id, environment }) {
    const apiId = id(API_ID_LENGTH);
    const host = `${apiId}.execute-api.${environment.region}.${environment.urlSuffix}`;
    return { ref: apiId, attributes: { ApiId: apiId, ApiEndpoint: `wss://${host}` } };
  },
  read(resource, cloud): Contribution {
    const { ProtocolType } = resource.properties;
    if (ProtocolType !== 'WEBSOCKET') return notRun(resource, `${ProtocolType} APIs are not run`);
    return {
      apis: [readApi(resource, cloud)],
      permissions: permissionsByCredentials(resource, cloud),
      unsupported: unsupportedIn(resource, cloud),
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

/**
 * An integration or authorizer with a role of its own needs no `AWS::Lambda::Permission`: API Gateway
 * calls the function as that role. Here it is let in as if there were one.
 */
function permissionsByCredentials({ identity, environment }: Api, cloud: Cloud): Permission[] {
  const integrations = partsOf(identity.ref, integration, cloud)
    .filter(({ properties }) => properties.CredentialsArn !== undefined)
    .map(({ properties }) => integratedFunction(properties, environment));
  const authorizers = partsOf(identity.ref, authorizer, cloud)
    .filter(({ properties }) => properties.AuthorizerCredentialsArn !== undefined)
    .map(({ properties }) => functionOfUri(properties.AuthorizerUri, environment));
  const functionArns = [...integrations, ...authorizers].filter((arn) => arn !== undefined);
  return [...new Set(functionArns)].map((functionArn) => ({
    functionArn,
    action: 'lambda:InvokeFunction',
    principal: 'apigateway.amazonaws.com',
    sourceArn: arnIn(environment, 'execute-api', `${identity.ref}/*`),
  }));
}

function unsupportedIn({ identity, environment }: Api, cloud: Cloud): UnsupportedResource[] {
  const unchecked = partsOf(identity.ref, route, cloud).flatMap((declared) =>
    uncheckedIn(declared).map((reason) => notRun(declared, reason)),
  );
  const integrations = partsOf(identity.ref, integration, cloud)
    .filter(({ properties }) => integratedFunction(properties, environment) === undefined)
    .map((declared) =>
      notRun(
        declared,
        `an ${declared.properties.IntegrationType} integration with this URI is not run`,
      ),
    );
  const authorizers = partsOf(identity.ref, authorizer, cloud)
    .filter(({ properties }) => functionOfUri(properties.AuthorizerUri, environment) === undefined)
    .map((declared) => notRun(declared, 'its URI is not that of a function: it lets nobody in'));
  return [...unchecked, ...integrations, ...authorizers].flatMap(
    ({ unsupported }) => unsupported ?? [],
  );
}
