import { requestTime } from '../gateway/events.ts';
import type { Exchange, HttpApiContext } from './api-context.ts';
import { headerValue, joinedHeaders, joinedValues, queryOf, rawQuery } from './http-request.ts';
import type { HttpRequest } from './http-request.ts';

/**
 * The events of payload format 2.0, key by key in AWS's order. What is empty is absent: cookies,
 * queries, path parameters, stage variables, the body. Header names are in lower case, cookies have
 * a list of their own and are no header.
 */
export type EventObject = Readonly<Record<string, unknown>>;

export function proxyEvent(
  context: HttpApiContext,
  exchange: Exchange,
  authorizer: EventObject | undefined,
): EventObject {
  return {
    version: '2.0',
    ...requestPart(exchange),
    requestContext: requestContext(context, exchange, authorizer),
    ...unlessEmpty('pathParameters', exchange.pathParameters),
    ...unlessEmpty('stageVariables', exchange.stage.variables),
    ...bodyPart(exchange.request),
  };
}

/** The event of a Lambda authorizer; without the body. */
export function authorizerEvent(
  context: HttpApiContext,
  exchange: Exchange,
  routeArn: string,
  identitySource: readonly string[] | undefined,
): EventObject {
  return {
    version: '2.0',
    type: 'REQUEST',
    routeArn,
    identitySource: identitySource ?? null,
    ...requestPart(exchange),
    requestContext: requestContext(context, exchange, undefined),
    ...unlessEmpty('pathParameters', exchange.pathParameters),
    ...unlessEmpty('stageVariables', exchange.stage.variables),
  };
}

function requestPart({ request, rawPath, route, traceId }: Exchange): EventObject {
  const { cookie = '', ...headers } = joinedHeaders(forwarded(request, traceId));
  const cookies = cookie.split(/[;,]\s*/).filter((each) => each !== '');
  return {
    routeKey: route.routeKey,
    rawPath,
    rawQueryString: rawQuery(request.url),
    ...(cookies.length === 0 ? {} : { cookies }),
    headers,
    ...unlessEmpty('queryStringParameters', joinedValues(queryOf(request))),
  };
}

/** The request with the headers that API Gateway sets, and without those of one hop. */
export function forwarded(request: HttpRequest, traceId: string): HttpRequest {
  const forwardedFor = headerValue(request, 'X-Forwarded-For');
  const trace = headerValue(request, 'X-Amzn-Trace-Id');
  const own: HttpRequest['headers'] = [
    // Functions find the length of the body here, also when it came in chunks.
    ['Content-Length', String(request.body.length)],
    ['X-Amzn-Trace-Id', trace === '' ? traceId : trace],
    ['X-Forwarded-For', [forwardedFor, request.sourceIp].filter(Boolean).join(', ')],
    ['X-Forwarded-Port', '443'],
    ['X-Forwarded-Proto', 'https'],
  ];
  const replaced = new Set([
    ...own.map(([name]) => name.toLowerCase()),
    'connection',
    'keep-alive',
    'transfer-encoding',
  ]);
  const kept = request.headers.filter(([name]) => !replaced.has(name.toLowerCase()));
  return { ...request, headers: [...kept, ...own] };
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
    ...(authorizer === undefined ? {} : { authorizer }),
    domainName,
    domainPrefix: domainName.split('.')[0] ?? '',
    http: {
      method: request.method,
      path: rawPath,
      protocol: request.protocol,
      sourceIp: request.sourceIp,
      userAgent: headerValue(request, 'User-Agent'),
    },
    requestId,
    routeKey: route.routeKey,
    stage: stage.name,
    time: requestTime(at),
    timeEpoch: at,
  };
}

/** Everything that AWS does not take for text, forms and bodies without a type too, is in base64. */
export function bodyPart(request: HttpRequest): EventObject {
  const { body } = request;
  if (body.length === 0) return { isBase64Encoded: false };
  const isBase64Encoded = !isText(headerValue(request, 'Content-Type'));
  return { body: body.toString(isBase64Encoded ? 'base64' : 'utf8'), isBase64Encoded };
}

const isText = (contentType: string) =>
  /^(?:text\/[^;]*|application\/(?:json|xml|javascript))\s*(?:;|$)/i.test(contentType.trim());

function unlessEmpty(name: string, values: Readonly<Record<string, string>>): EventObject {
  return Object.keys(values).length === 0 ? {} : { [name]: values };
}
