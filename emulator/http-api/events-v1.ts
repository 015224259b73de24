import { requestTime } from '../gateway/events.ts';
import type { Exchange, HttpApiContext } from './api-context.ts';
import type { EventObject } from './events.ts';
import { bodyPart, forwarded } from './events.ts';
import { headerValue, queryOf } from './http-request.ts';

/**
 * The events of payload format 1.0, which are those of REST APIs: every header and query value twice,
 * single and in lists, and what is empty is null. Header names are as the client sent them.
 */
export function proxyEventV1(
  context: HttpApiContext,
  exchange: Exchange,
  authorizer: EventObject | undefined,
): EventObject {
  const body = bodyPart(exchange.request);
  return {
    version: '1.0',
    ...requestPart(exchange),
    requestContext: requestContext(context, exchange, authorizer),
    pathParameters: orNull(exchange.pathParameters),
    stageVariables: orNull(exchange.stage.variables),
    ...body,
    body: body['body'] ?? null,
  };
}

export function authorizerEventV1(
  context: HttpApiContext,
  exchange: Exchange,
  methodArn: string,
  identitySource: readonly string[] | undefined,
): EventObject {
  const identity = identitySource?.join(',') ?? null;
  return {
    version: '1.0',
    type: 'REQUEST',
    methodArn,
    identitySource: identity,
    authorizationToken: identity,
    ...requestPart(exchange),
    pathParameters: orNull(exchange.pathParameters),
    stageVariables: orNull(exchange.stage.variables),
    requestContext: requestContext(context, exchange, undefined),
  };
}

function requestPart({ request, rawPath, route, traceId }: Exchange): EventObject {
  const headers = Map.groupBy(forwarded(request, traceId).headers, ([name]) => name);
  const query = Map.groupBy(queryOf(request), ([name]) => name);
  // AWS's example has the last value of a header, and the first of a query.
  const single = (pairs: typeof query, at: 0 | -1) =>
    Object.fromEntries([...pairs].map(([name, values]) => [name, values.at(at)?.[1] ?? '']));
  const lists = (pairs: typeof query) =>
    Object.fromEntries([...pairs].map(([name, values]) => [name, values.map(([, each]) => each)]));
  return {
    resource: resourcePath(route.routeKey),
    path: rawPath,
    httpMethod: request.method,
    headers: single(headers, -1),
    multiValueHeaders: lists(headers),
    queryStringParameters: query.size === 0 ? null : single(query, 0),
    multiValueQueryStringParameters: query.size === 0 ? null : lists(query),
  };
}

function requestContext(
  { account, api }: HttpApiContext,
  { request, rawPath, route, stage, requestId, at }: Exchange,
  authorizer: EventObject | undefined,
): EventObject {
  const domainName = headerValue(request, 'Host');
  return {
    accountId: account,
    apiId: api.apiId,
    authorizer: authorizer ?? { claims: null, scopes: null },
    domainName,
    domainPrefix: domainName.split('.')[0] ?? '',
    extendedRequestId: requestId,
    httpMethod: request.method,
    identity: {
      ...NO_IDENTITY,
      sourceIp: request.sourceIp,
      userAgent: headerValue(request, 'User-Agent'),
    },
    path: rawPath,
    protocol: request.protocol,
    requestId,
    requestTime: requestTime(at),
    requestTimeEpoch: at,
    resourceId: null,
    resourcePath: resourcePath(route.routeKey),
    stage: stage.name,
  };
}

/** What AWS knows of callers who sign their requests. */
const NO_IDENTITY = Object.fromEntries(
  [
    'accessKey',
    'accountId',
    'caller',
    'cognitoAuthenticationProvider',
    'cognitoAuthenticationType',
    'cognitoIdentityId',
    'cognitoIdentityPoolId',
    'principalOrgId',
    'user',
    'userArn',
  ].map((name) => [name, null]),
);

const resourcePath = (routeKey: string) => routeKey.replace(/^\S+ /, '');

const orNull = (values: Readonly<Record<string, string>>) =>
  Object.keys(values).length === 0 ? null : values;
