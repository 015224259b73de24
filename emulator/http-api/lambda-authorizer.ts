import { executeApiArn } from '../gateway/api-context.ts';
import { policyAllows } from '../gateway/authorizer-policy.ts';
import { callFunction } from '../gateway/integration.ts';
import type { HttpLambdaAuthorizer } from '../model.ts';
import type { Exchange, HttpApiContext } from './api-context.ts';
import type { Verdict } from './verdict.ts';
import { FORBIDDEN, INTERNAL_SERVER_ERROR, UNAUTHORIZED } from './error-answers.ts';
import { authorizerEvent } from './events.ts';
import { authorizerEventV1 } from './events-v1.ts';
import { identityOf } from './identity-source.ts';

/**
 * Lambda authorizers of one HTTP API. Without every identity source a function is not even asked: 401.
 * It answers `{isAuthorized}` or a policy; anything else, and every failure, is 500. With a cache
 * time its answer holds for all routes for the same identity, and a policy is read again for each.
 *
 * A function that throws "Unauthorized" is 500 here like any other that throws [UNV].
 */
export type AskLambda = (authorizer: HttpLambdaAuthorizer, exchange: Exchange) => Promise<Verdict>;

export function createLambdaAuthorizers(context: HttpApiContext): AskLambda {
  const answers = new Map<string, { readonly payload: unknown; readonly until: number }>();
  return async (authorizer, exchange) => {
    const identity = authorizer.identitySources.map((source) => identityOf(source, exchange));
    const present = identity.filter((value) => value !== undefined);
    if (present.length < identity.length) return { refusal: UNAUTHORIZED };

    const key = JSON.stringify([authorizer.authorizerId, exchange.stage.name, ...present]);
    const cached = answers.get(key);
    const routeArn = routeArnOf(context, exchange);
    if (cached !== undefined && context.clock.now() < cached.until) {
      return judge(context, authorizer, cached.payload, routeArn);
    }
    const asked = await ask(context, authorizer, exchange, routeArn, present);
    if (asked === undefined) return { refusal: INTERNAL_SERVER_ERROR };
    const verdict = judge(context, authorizer, asked.payload, routeArn);
    // An answer that cannot be used is asked for again.
    if (authorizer.cacheSeconds > 0 && present.length > 0 && !isFailure(verdict)) {
      const until = context.clock.now() + authorizer.cacheSeconds * MS_PER_SECOND;
      answers.set(key, { payload: asked.payload, until });
    }
    return verdict;
  };
}

const MS_PER_SECOND = 1_000;

const isFailure = (verdict: Verdict) =>
  'refusal' in verdict && verdict.refusal === INTERNAL_SERVER_ERROR;

/** What a policy must allow: the method and the path that were asked for. */
function routeArnOf(context: HttpApiContext, { request, stage, path }: Exchange): string {
  return executeApiArn(context, `${stage.name}/${request.method}${path}`);
}

async function ask(
  context: HttpApiContext,
  authorizer: HttpLambdaAuthorizer,
  exchange: Exchange,
  routeArn: string,
  identity: readonly string[],
): Promise<{ readonly payload: unknown } | undefined> {
  const { functionArn, authorizerId, payloadFormat } = authorizer;
  const eventOf = payloadFormat === '2.0' ? authorizerEvent : authorizerEventV1;
  const sources = identity.length === 0 ? undefined : identity;
  const result = await callFunction(context, {
    functionArn,
    event: eventOf(context, exchange, routeArn, sources),
    timeoutMs: context.limits.authorizerTimeoutMs,
    source: `authorizers/${authorizerId}`,
    routeKey: exchange.route.routeKey,
  });
  return result.outcome === 'returned' ? { payload: result.payload } : undefined;
}

function judge(
  context: HttpApiContext,
  authorizer: HttpLambdaAuthorizer,
  payload: unknown,
  routeArn: string,
): Verdict {
  const fits = Buffer.byteLength(JSON.stringify(payload)) <= context.limits.authorizerResultBytes;
  const allowed = fits ? allows(authorizer, payload, routeArn) : undefined;
  if (allowed === undefined) {
    context.log(context.api.path, "the authorizer's answer cannot be used: see its payload format");
    return { refusal: INTERNAL_SERVER_ERROR };
  }
  if (!allowed) return { refusal: FORBIDDEN };
  const given = property(payload, 'context') ?? {};
  const principalId = property(payload, 'principalId');
  return {
    authorizer: { lambda: given },
    authorizerV1: { ...given, ...(principalId === undefined ? {} : { principalId }) },
  };
}

/** Undefined for an answer of the wrong form. */
function allows(
  { simpleResponses, payloadFormat }: HttpLambdaAuthorizer,
  payload: unknown,
  routeArn: string,
): boolean | undefined {
  if (!simpleResponses || payloadFormat === '1.0') return policyAllows(payload, routeArn);
  const isAuthorized = property(payload, 'isAuthorized');
  return typeof isAuthorized === 'boolean' ? isAuthorized : undefined;
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
