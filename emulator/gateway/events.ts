import { allValues, forwardedHeaders, headerMaps, lastValues, queryMaps } from './event-maps.ts';
import type { HandshakeRequest, Pairs } from './handshake-request.ts';

/**
 * The events a WebSocket API hands to functions, key by key in the order of recordings (aws.md
 * a.1-a.5). Pure: ids and times come in.
 *
 * What surprises: a MESSAGE has no headers and no query; a DISCONNECT has four headers, three of
 * them empty; query keys are absent, not null, without a query; `requestId` and
 * `extendedRequestId` are the same; `Connection` and `Upgrade` are seen by the authorizer only.
 */

/** What stays the same in all events of one connection. */
export interface EventSubject {
  readonly apiId: string;
  readonly stage: string;
  readonly stageVariables: Readonly<Record<string, string>>;
  readonly connectionId: string;
  /** Epoch milliseconds. */
  readonly connectedAt: number;
  readonly domainName: string;
  readonly identity: ClientIdentity;
  /** What the authorizer answered; absent without one. */
  readonly authorizer?: AuthorizerContext;
}

/** `userAgent` is there only if the client sent one. */
interface ClientIdentity {
  readonly userAgent?: string;
  readonly sourceIp: string;
}

/** `principalId` and the authorizer's context, every value a string. */
export type AuthorizerContext = Readonly<Record<string, string>>;

/** What is new with each event. */
export interface EventRequest {
  readonly requestId: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** How a connection ended, as its $disconnect has it. */
export interface Ending {
  readonly code: number;
  readonly reason: string;
}

type EventObject = Readonly<Record<string, unknown>>;

/** The CONNECT event; `integrationLatency`: milliseconds the authorizer took, if there is one. */
export function connectEvent(
  subject: EventSubject,
  request: EventRequest,
  handshake: HandshakeRequest,
  traceId: string,
  integrationLatency = 0,
): EventObject {
  const authorizer = subject.authorizer && { ...subject.authorizer, integrationLatency };
  return {
    ...headerMaps(forwardedHeaders(handshake, traceId)),
    ...queryMaps(handshake.query),
    ...stageVariables(subject),
    requestContext: {
      routeKey: '$connect',
      ...(authorizer && { authorizer }),
      eventType: 'CONNECT',
      ...requestContextTail(subject, request),
    },
    isBase64Encoded: false,
  };
}

/** The event of a REQUEST authorizer: the CONNECT context, and the headers with the upgrade's own. */
export function authorizerEvent(
  subject: EventSubject,
  request: EventRequest,
  handshake: HandshakeRequest,
  traceId: string,
  methodArn: string,
): EventObject {
  const headers: Pairs = [
    ...forwardedHeaders(handshake, traceId),
    ['Connection', 'upgrade'],
    ['Upgrade', 'websocket'],
    ['content-length', '0'],
  ];
  return {
    type: 'REQUEST',
    methodArn,
    ...headerMaps(headers),
    queryStringParameters: lastValues(handshake.query),
    multiValueQueryStringParameters: allValues(handshake.query),
    stageVariables: subject.stageVariables,
    requestContext: {
      routeKey: '$connect',
      eventType: 'CONNECT',
      ...requestContextTail(subject, request),
    },
  };
}

export function messageEvent(
  subject: EventSubject,
  request: EventRequest,
  message: { readonly routeKey: string; readonly messageId: string; readonly body: string },
): EventObject {
  return {
    ...stageVariables(subject),
    requestContext: {
      routeKey: message.routeKey,
      ...authorizerOf(subject),
      messageId: message.messageId,
      eventType: 'MESSAGE',
      ...requestContextTail(subject, request),
    },
    body: message.body,
    isBase64Encoded: false,
  };
}

export function disconnectEvent(
  subject: EventSubject,
  request: EventRequest,
  ending: Ending,
): EventObject {
  const { extendedRequestId, requestTime, messageDirection, ...tail } = requestContextTail(
    subject,
    request,
  );
  return {
    ...headerMaps([
      ['Host', subject.domainName],
      ['x-api-key', ''],
      ['X-Forwarded-For', ''],
      ['x-restapi', ''],
    ]),
    ...stageVariables(subject),
    requestContext: {
      routeKey: '$disconnect',
      ...authorizerOf(subject),
      disconnectStatusCode: ending.code,
      eventType: 'DISCONNECT',
      extendedRequestId,
      requestTime,
      messageDirection,
      disconnectReason: ending.reason,
      ...tail,
    },
    isBase64Encoded: false,
  };
}

/** Common Log Format in UTC: `11/Nov/2024:11:35:24 +0000`. */
export function requestTime(at: number): string {
  const [, day, month, year, time] = new Date(at).toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}

function requestContextTail(subject: EventSubject, request: EventRequest) {
  return {
    extendedRequestId: request.requestId,
    requestTime: requestTime(request.at),
    messageDirection: 'IN',
    stage: subject.stage,
    connectedAt: subject.connectedAt,
    requestTimeEpoch: request.at,
    identity: subject.identity,
    requestId: request.requestId,
    domainName: subject.domainName,
    connectionId: subject.connectionId,
    apiId: subject.apiId,
  };
}

function authorizerOf({ authorizer }: EventSubject) {
  return authorizer === undefined ? {} : { authorizer };
}

/** [UNV] No recording has a stage with variables; the published types say where they would be. */
function stageVariables({ stageVariables }: EventSubject) {
  return Object.keys(stageVariables).length === 0 ? {} : { stageVariables };
}
