import { randomBytes } from 'node:crypto';

import type { AccountThrottle } from '../gateway/account-throttle.ts';
import { UNTHROTTLED } from '../gateway/account-throttle.ts';
import type { Random } from '../gateway/ids.ts';
import { callFunction } from '../gateway/integration.ts';
import { functionName } from '../lambda/function-name.ts';
import { createRouteThrottle } from '../gateway/route-throttle.ts';
import { UNROUTED } from '../meter/cause.ts';
import type { Exchange, HttpApiContext } from './api-context.ts';
import { createAuthorizers } from './authorizer.ts';
import { isPreflight, preflightAnswer, withCors } from './cors.ts';
import * as answers from './error-answers.ts';
import { proxyEvent } from './events.ts';
import { proxyEventV1 } from './events-v1.ts';
import { readFunctionAnswer } from './function-answer.ts';
import { decodedPath } from './http-request.ts';
import type { HttpRequest, HttpResponse } from './http-request.ts';
import { HTTP_API_LIMITS } from './limits.ts';
import type { HttpApiLimits } from './limits.ts';
import { countAnswer, countRequest } from './metering.ts';
import { createRouter } from './route-match.ts';
import { findStage } from './stage-match.ts';
import { traceRequest } from './tracing.ts';

/**
 * One HTTP API of API Gateway, behind an HTTP server that somebody else runs. A request's way reads
 * top to bottom: size → stage → preflight → route → throttle → authorizer → function → CORS.
 *
 * Behaviour is that of AWS's documentation; what nobody has recorded is marked [UNV] where it is
 * decided. Not copied: custom domains, mutual TLS, IAM authorization, parameter mapping, integrations
 * other than Lambda proxies, access logs.
 */
export interface RunningHttpApi {
  /** Answers a request; never throws for what a client or a function did. */
  answer(request: HttpRequest): Promise<HttpResponse>;
}

export interface HttpApiOptions extends Omit<HttpApiContext, 'limits' | 'random' | 'throttle'> {
  /** Default: AWS's quotas. */
  readonly limits?: Partial<HttpApiLimits>;
  /** Default: the account has no quotas. */
  readonly throttle?: AccountThrottle;
  /** Where ids get their random bytes; default: the system's. */
  readonly random?: Random;
}

export function createHttpApi(options: HttpApiOptions): RunningHttpApi {
  const context: HttpApiContext = {
    ...options,
    limits: { ...HTTP_API_LIMITS, ...options.limits },
    random: options.random ?? randomBytes,
    throttle: options.throttle ?? UNTHROTTLED,
  };
  const { api, activity } = context;
  const findRoute = createRouter(api.routes);
  const authorize = createAuthorizers(context);
  const routeThrottle = createRouteThrottle(context.clock);

  const findExchange = (request: HttpRequest, requestId: string): Exchange | undefined => {
    const found = findStage(api.stages, decodedPath(request));
    const match = found && findRoute(request.method, found.path);
    if (found === undefined || match === undefined) return undefined;
    const at = context.clock.now();
    const traceId = newTraceId(context, at);
    return { request, ...found, ...match, requestId, traceId, at };
  };

  const serve = async (exchange: Exchange | undefined): Promise<Answered> => {
    if (exchange === undefined) return { answer: answers.NOT_FOUND };
    // The throttle of the route, then the account's requests [UNV order].
    const granted = routeThrottle(exchange.stage, exchange.route.routeKey);
    if (!granted || !context.throttle.takeRequest()) return { answer: answers.TOO_MANY_REQUESTS };
    const verdict = await authorize(exchange.route, exchange);
    if ('refusal' in verdict) return { answer: verdict.refusal };
    const isV1 = exchange.route.integration?.payloadFormat === '1.0';
    const event = isV1
      ? proxyEventV1(context, exchange, verdict.authorizerV1)
      : proxyEvent(context, exchange, verdict.authorizer);
    return callIntegration(context, exchange, event);
  };

  const handle = async (request: HttpRequest, requestId: string): Promise<Answered> => {
    const tooLarge = refuseSize(context.limits, request);
    if (tooLarge !== undefined) return { answer: tooLarge };
    const exchange = findExchange(request, requestId);
    countRequest(context, request, exchange?.route.routeKey ?? UNROUTED);
    if (api.cors !== undefined && isPreflight(request) && !isGuardedDefault(exchange)) {
      return { answer: preflightAnswer(api.cors, request) };
    }
    const served = await serve(exchange);
    return { ...served, answer: withCors(api.cors, request, served.answer) };
  };

  return {
    async answer(request) {
      const done = activity.begin();
      try {
        const requestId = newRequestId(context);
        const start = context.clock.now();
        const answered = await handle(request, requestId);
        traceRequest(context, request, { ...answered, ms: context.clock.now() - start });
        const { answer } = answered;
        return { ...answer, headers: [...answer.headers, ['apigw-requestid', requestId]] };
      } finally {
        done();
      }
    },
  };
}

/** An answer, and the function that was asked for it, if one was. */
interface Answered {
  readonly answer: HttpResponse;
  readonly by?: string;
}

function refuseSize(limits: HttpApiLimits, request: HttpRequest): HttpResponse | undefined {
  const headerBytes = request.headers.reduce(
    (bytes, [name, value]) => bytes + name.length + value.length,
    request.url.length,
  );
  if (headerBytes > limits.headerBytes) return answers.HEADERS_TOO_LARGE;
  return request.body.length > limits.bodyBytes ? answers.BODY_TOO_LARGE : undefined;
}

/** AWS lets `$default` with an authorizer refuse preflights, too. */
function isGuardedDefault(exchange: Exchange | undefined): boolean {
  return exchange?.route.routeKey === '$default' && exchange.route.authorizer !== undefined;
}

async function callIntegration(
  context: HttpApiContext,
  { route, stage, request }: Exchange,
  event: unknown,
): Promise<Answered> {
  const { integration, routeKey } = route;
  if (integration === undefined) return { answer: answers.INTERNAL_SERVER_ERROR };
  const path = routeKey.replace(/^\S+ /, '');
  const source =
    routeKey === '$default' ? `${stage.name}/$default` : `${stage.name}/${request.method}${path}`;
  const by = functionName(integration.functionArn);
  const result = await callFunction(context, { ...integration, event, source, routeKey });
  if (result.outcome === 'timedOut') return { by, answer: answers.SERVICE_UNAVAILABLE };
  if (result.outcome !== 'returned') return { by, answer: answers.INTERNAL_SERVER_ERROR };
  const answer = readFunctionAnswer(result.payload, integration.payloadFormat);
  if (answer === undefined) {
    context.log(context.api.path, `${routeKey}: what the function returned cannot be used`);
    return { by, answer: answers.INTERNAL_SERVER_ERROR };
  }
  countAnswer(context, answer.body, routeKey);
  return { by, answer };
}

/** 11 random bytes in base64 and the `=` that pads them, as AWS's own look. */
const newRequestId = ({ random }: HttpApiContext) => `${random(11).toString('base64url')}=`;

/** `Root=1-<seconds, hex>-<24 hex digits>`, as X-Ray writes it. */
function newTraceId({ random }: HttpApiContext, at: number): string {
  const seconds = Math.floor(at / 1000).toString(16);
  return `Root=1-${seconds.padStart(8, '0')}-${random(12).toString('hex')}`;
}
