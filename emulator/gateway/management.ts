import { authorize } from '../iam/authorize.ts';
import type { ServiceRequest, ServiceResponse } from '../service.ts';
import type { ApiContext } from './api-context.ts';
import { deployedStage, executeApiArn } from './api-context.ts';
import { CLOSED_NORMALLY } from './close-codes.ts';
import type { Connection } from './connection.ts';
import type { Connections } from './connections.ts';
import { isConnectionId } from './ids.ts';
import { tracePost } from './tracing.ts';

/**
 * The @connections API of one WebSocket API (aws.md d): POST sends to a client, GET tells about it,
 * DELETE closes it. The checks, in order: the stage, IAM, the id's form, the
 * account's requests, the body's size, whether the connection is open.
 *
 * A 200 to a POST means that the bytes were taken, not that anybody read them. The 410 has no body,
 * and SDKs know it by its header alone.
 */
export interface ConnectionRequest {
  readonly stageName: string;
  /** Decoded; undefined when its percent-encoding is broken. */
  readonly connectionId: string | undefined;
}

const PATH = /^\/(?<stage>[^/]+)\/(?:@|%40)connections\/(?<id>[^/]+)$/i;

/** Reads `/<stage>/@connections/<id>`; undefined for any other path. */
export function readConnectionPath(path: string): ConnectionRequest | undefined {
  const groups = PATH.exec(path.replace(/\?.*$/s, ''))?.groups;
  if (groups === undefined) return undefined;
  const { stage = '', id = '' } = groups;
  return { stageName: stage, connectionId: decode(id) };
}

export function manageConnection(
  context: ApiContext,
  connections: Connections,
  { stageName, connectionId }: ConnectionRequest,
  request: ServiceRequest,
): ServiceResponse {
  const stage = deployedStage(context, stageName);
  if (stage === undefined) return FORBIDDEN;
  const denied = judge(
    context,
    request,
    `${stageName}/${request.method}/@connections/${connectionId}`,
  );
  if (denied !== undefined) return denied;
  if (connectionId === undefined || !isConnectionId(connectionId)) {
    return failure(400, 'BadRequestException', `Invalid connectionId: ${connectionId ?? ''}`);
  }
  const connection = connections.find(stageName, connectionId);
  const answer = context.throttle.takeRequest()
    ? manage(context, connection, request)
    : TOO_MANY_REQUESTS;
  if (request.method === 'POST') traceAnswer(context, connectionId, request, answer);
  return answer;
}

function manage(
  context: ApiContext,
  connection: Connection | undefined,
  request: ServiceRequest,
): ServiceResponse {
  switch (request.method) {
    case 'POST':
      return answerPost(context, connection, request);
    case 'GET':
      return connection === undefined ? GONE : describe(connection);
    case 'DELETE':
      if (connection === undefined) return GONE;
      connection.close(CLOSED_NORMALLY);
      return { status: 204 };
    default:
      return FORBIDDEN;
  }
}

const GONE: ServiceResponse = { status: 410, headers: { 'x-amzn-ErrorType': 'GoneException' } };
const FORBIDDEN = failure(403, 'ForbiddenException', 'Forbidden');
const TOO_MANY_REQUESTS = failure(429, 'LimitExceededException', 'Too Many Requests');

function traceAnswer(
  context: ApiContext,
  connectionId: string,
  { principal, body }: ServiceRequest,
  { status }: ServiceResponse,
): void {
  const by = principal.kind === 'role' ? principal.functionName : undefined;
  tracePost(context, connectionId, { by, bytes: body.length, code: status });
}

/** The one place where a post is answered. */
function answerPost(
  context: ApiContext,
  connection: Connection | undefined,
  { body, principal }: ServiceRequest,
): ServiceResponse {
  const cause = principal.kind === 'role' ? principal.cause : undefined;
  context.meter.add('posts', context.api.path, 1, cause);
  if (body.length > context.limits.messageBytes) {
    return failure(413, 'PayloadTooLargeException', 'Message too long');
  }
  const sent = connection?.send(body, cause) ?? 'gone';
  if (sent === 'gone') return GONE;
  if (sent === 'full') {
    return failure(429, 'LimitExceededException', 'The client does not read');
  }
  return { status: 200 };
}

function describe(connection: Connection): ServiceResponse {
  const { subject } = connection;
  const body = {
    connectedAt: new Date(subject.connectedAt).toISOString(),
    identity: subject.identity,
    lastActiveAt: new Date(connection.lastActiveAt()).toISOString(),
  };
  return {
    status: 200,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  };
}

function judge(
  context: ApiContext,
  request: ServiceRequest,
  path: string,
): ServiceResponse | undefined {
  const verdict = authorize(
    request.principal,
    'execute-api:ManageConnections',
    executeApiArn(context, path),
  );
  if (verdict.allowed) return undefined;
  context.log(context.api.path, `${verdict.message}; missing: ${verdict.hint}`);
  return failure(403, 'ForbiddenException', verdict.message);
}

function failure(status: number, errorType: string, message: string): ServiceResponse {
  return {
    status,
    headers: { 'Content-Type': 'application/json', 'x-amzn-ErrorType': errorType },
    body: JSON.stringify({ message }),
  };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
