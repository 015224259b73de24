import type { RequestAuthorizer } from '../model.ts';
import type { ApiContext } from './api-context.ts';
import { executeApiArn } from './api-context.ts';
import { readAuthorizerAnswer } from './authorizer-policy.ts';
import type { AuthorizerContext, EventRequest, EventSubject } from './events.ts';
import { authorizerEvent } from './events.ts';
import type { HandshakeRequest } from './handshake-request.ts';
import { lastValue } from './handshake-request.ts';
import type { IntegrationResult } from './integration.ts';
import { callFunction } from './integration.ts';
import type { Refusal } from './refusal.ts';
import { FORBIDDEN, UNAUTHORIZED, failure } from './refusal.ts';

/**
 * Asks a REQUEST authorizer about a client (aws.md a.5, c). Without every identity source it is not
 * even called: 401. It refuses by a policy that denies (403) or by throwing "Unauthorized" (401);
 * any other failure, and any answer that cannot be read, is 500 [UNV]. Nothing is cached: API
 * Gateway caches no WebSocket authorizers.
 */
export type AuthorizerVerdict =
  | { readonly authorized: true; readonly context: AuthorizerContext }
  | { readonly authorized: false; readonly refusal: Refusal };

export async function askAuthorizer(
  context: ApiContext,
  authorizer: RequestAuthorizer,
  subject: EventSubject,
  event: EventRequest,
  request: HandshakeRequest,
  traceId: string,
): Promise<AuthorizerVerdict> {
  const complete = authorizer.identitySources.every((source) =>
    identitySource(source, request, subject),
  );
  if (!complete) return refused(UNAUTHORIZED);

  const methodArn = executeApiArn(context, `${subject.stage}/$connect`);
  const result = await callFunction(context, {
    functionArn: authorizer.functionArn,
    event: authorizerEvent(subject, event, request, traceId, methodArn),
    timeoutMs: context.limits.authorizerTimeoutMs,
    source: `authorizers/${authorizer.authorizerId}`,
    routeKey: '$connect',
  });
  return judge(context, result, methodArn, failure(500, subject.connectionId, event.requestId));
}

const IDENTITY_SOURCE =
  /^\$?(?:(?:route\.)?request\.)?(querystring|header|stageVariables|context)\.(.+)$/;

/** The value an identity source has; an empty one counts as missing. */
function identitySource(
  source: string,
  request: HandshakeRequest,
  subject: EventSubject,
): string | undefined {
  const [, place, name = ''] = IDENTITY_SOURCE.exec(source) ?? [];
  switch (place ?? '') {
    case 'header':
      return lastValue(request.headers, name);
    case 'querystring':
      return request.query.findLast(([key]) => key === name)?.[1];
    case 'stageVariables':
      return subject.stageVariables[name];
    case 'context':
      // What the gateway knows of every request; a client cannot leave it out.
      return name;
    default:
      return undefined;
  }
}

function judge(
  context: ApiContext,
  result: IntegrationResult,
  methodArn: string,
  failed: Refusal,
): AuthorizerVerdict {
  if (result.outcome === 'failed' && result.errorMessage === 'Unauthorized') {
    return refused(UNAUTHORIZED);
  }
  if (result.outcome !== 'returned') return refused(failed);
  const { authorizerResultBytes } = context.limits;
  const answer = readAuthorizerAnswer(result.payload, methodArn, authorizerResultBytes);
  if (answer.verdict === 'allow') return { authorized: true, context: answer.context };
  if (answer.verdict === 'deny') return refused(FORBIDDEN);
  context.log(context.api.path, `the authorizer's answer cannot be used: ${answer.why}`);
  return refused(failed);
}

function refused(refusal: Refusal): AuthorizerVerdict {
  return { authorized: false, refusal };
}
