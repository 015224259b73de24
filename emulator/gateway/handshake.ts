import type { Stage } from '../model.ts';
import type { ApiContext } from './api-context.ts';
import { deployedStage, routeOf } from './api-context.ts';
import { askAuthorizer } from './authorizer.ts';
import { readConnectAnswer } from './connect-answer.ts';
import type { EventRequest, EventSubject } from './events.ts';
import { connectEvent } from './events.ts';
import type { HandshakeRequest } from './handshake-request.ts';
import { lastValue } from './handshake-request.ts';
import { callFunction } from './integration.ts';
import type { Refusal } from './refusal.ts';
import {
  BAD_HANDSHAKE,
  FORBIDDEN,
  TOO_MANY_REQUESTS,
  UPGRADE_REQUIRED,
  URI_TOO_LONG,
  failure,
} from './refusal.ts';

/**
 * Decides whether a client gets its connection, in AWS's order: the request itself, the stage, the
 * authorizer, the $connect function (aws.md c). The client waits all the while; only a 2xx of
 * $connect, or no $connect at all, lets it in.
 *
 * Of the function's answer the client sees the status when it is refused, and the subprotocol when
 * it is let in; never a body or another header. The gateway chooses no subprotocol itself.
 */
export type HandshakeOutcome =
  | { readonly admitted: true; readonly subject: EventSubject; readonly protocol?: string }
  | { readonly admitted: false; readonly refusal: Refusal };

export async function shakeHands(
  context: ApiContext,
  request: HandshakeRequest,
): Promise<HandshakeOutcome> {
  const refused = checkRequest(context, request);
  if (refused !== undefined) return refuse(refused);
  const stage = deployedStage(context, request.stageName);
  if (stage === undefined) return refuse(FORBIDDEN);
  if (!takeTokens(context, stage)) return refuse(TOO_MANY_REQUESTS);

  const event = { requestId: context.ids.request(), at: context.clock.now() };
  const subject = newSubject(context, request, stage, event.at);
  return admit(context, request, event, subject);
}

/** The throttle of the route, then the account's requests, then its new connections [UNV order]. */
function takeTokens(context: ApiContext, stage: Stage): boolean {
  const { throttle, routeThrottle } = context;
  const hasRoute = routeOf(context, '$connect') !== undefined;
  if (hasRoute && !routeThrottle(stage, '$connect')) return false;
  return throttle.takeRequest() && throttle.takeConnection();
}

/** What a WebSocket server must refuse before anybody is asked (RFC 6455, 4.2.1). */
function checkRequest(context: ApiContext, request: HandshakeRequest): Refusal | undefined {
  const header = (name: string) => lastValue(request.headers, name) ?? '';
  if (request.url.length > context.limits.urlLength) return URI_TOO_LONG;
  if (header('Upgrade').toLowerCase() !== 'websocket') return UPGRADE_REQUIRED;
  const wellFormed =
    request.method === 'GET' &&
    /^[+/0-9A-Za-z]{22}==$/.test(header('Sec-WebSocket-Key')) &&
    header('Sec-WebSocket-Version') === '13';
  return wellFormed ? undefined : BAD_HANDSHAKE;
}

function newSubject(
  context: ApiContext,
  request: HandshakeRequest,
  stage: Stage,
  connectedAt: number,
): EventSubject {
  const userAgent = lastValue(request.headers, 'User-Agent');
  return {
    apiId: context.api.apiId,
    stage: stage.name,
    stageVariables: stage.variables,
    connectionId: context.ids.connection(),
    connectedAt,
    domainName: context.domainName ?? request.host,
    identity: { ...(userAgent !== undefined && { userAgent }), sourceIp: request.sourceIp },
  };
}

async function admit(
  context: ApiContext,
  request: HandshakeRequest,
  event: EventRequest,
  subject: EventSubject,
): Promise<HandshakeOutcome> {
  const traceId = newTraceId(context, event.at);
  const authorizer = routeOf(context, '$connect')?.authorizer;
  if (authorizer === undefined) {
    return callConnect(context, subject, event, connectEvent(subject, event, request, traceId));
  }
  const verdict = await askAuthorizer(context, authorizer, subject, event, request, traceId);
  if (!verdict.authorized) return refuse(verdict.refusal);
  const known = { ...subject, authorizer: verdict.context };
  const authorizerMs = context.clock.now() - event.at;
  const connect = connectEvent(known, event, request, traceId, authorizerMs);
  return callConnect(context, known, event, connect);
}

async function callConnect(
  context: ApiContext,
  subject: EventSubject,
  { requestId }: EventRequest,
  event: unknown,
): Promise<HandshakeOutcome> {
  const integration = routeOf(context, '$connect')?.integration;
  if (integration === undefined) return { admitted: true, subject };
  const routeKey = '$connect';
  const source = `${subject.stage}/${routeKey}`;
  const result = await callFunction(context, { ...integration, event, source, routeKey });
  const fail = (status: 500 | 502 | 504) =>
    refuse(failure(status, subject.connectionId, requestId));
  if (result.outcome !== 'returned') return fail(FAILURE_STATUS[result.outcome]);

  const { status, protocol } = readConnectAnswer(result.payload);
  if (status === undefined) return fail(502);
  if (status > 299) return refuse({ status });
  return { admitted: true, subject, ...(protocol !== undefined && { protocol }) };
}

/** 502 is recorded; the others are those of API Gateway elsewhere [UNV]. */
const FAILURE_STATUS = { failed: 502, timedOut: 504, unavailable: 500 } as const;

/** `Root=1-<seconds, hex>-<24 hex digits>`, as X-Ray writes it. */
function newTraceId(context: ApiContext, at: number): string {
  const seconds = Math.floor(at / 1000).toString(16);
  return `Root=1-${seconds.padStart(8, '0')}-${context.random(12).toString('hex')}`;
}

function refuse(refusal: Refusal): HandshakeOutcome {
  return { admitted: false, refusal };
}
