import type { JwtAuthorizer } from '../model.ts';
import type { Exchange, HttpApiContext } from './api-context.ts';
import type { Verdict } from './verdict.ts';
import { FORBIDDEN, UNAUTHORIZED } from './error-answers.ts';
import type { HttpResponse } from './http-request.ts';
import { identityOf } from './identity-source.ts';
import { createIssuerKeys } from './issuer-keys.ts';
import {
  type Claims,
  claimsProblem,
  claimTexts,
  readToken,
  scopesOf,
  signatureProblem,
} from './jwt.ts';

/**
 * JWT authorizers of one HTTP API: 401 for a token that is missing or no good, 403 for one without
 * any of the route's scopes. The reason is in `www-authenticate`, as on AWS, whose words for some
 * reasons are not known [UNV]; of the token nothing is told.
 */
export type CheckToken = (authorizer: JwtAuthorizer, exchange: Exchange) => Promise<Verdict>;

export function createJwtAuthorizers(context: HttpApiContext): CheckToken {
  const keys = createIssuerKeys(context.clock, context.limits);

  const problemOf = async (authorizer: JwtAuthorizer, text: string) => {
    const token = readToken(text);
    if (token === undefined) return { problem: 'unable to parse the token' };
    const found = await keys.find(authorizer.issuer, token.kid);
    if ('failed' in found) {
      context.log(context.api.path, `the issuer ${authorizer.issuer}: ${found.failed}`);
      return { problem: found.failed };
    }
    const problem =
      signatureProblem(token, found.key) ??
      claimsProblem(token.claims, authorizer, context.clock.now());
    return problem === undefined ? { claims: token.claims } : { problem };
  };

  return async (authorizer, exchange) => {
    const given = identityOf(authorizer.identitySource, exchange);
    const text = given?.replace(/^Bearer /i, '').trim() ?? '';
    if (text === '') return { refusal: withChallenge(UNAUTHORIZED, 'Bearer') };
    const checked = await problemOf(authorizer, text);
    return checked.problem === undefined
      ? checkScopes(authorizer, checked.claims)
      : { refusal: invalid(authorizer, checked.problem) };
  };
}

function checkScopes({ scopes }: JwtAuthorizer, claims: Claims): Verdict {
  const granted = scopesOf(claims);
  if (scopes.length > 0 && !scopes.some((scope) => granted.includes(scope))) {
    const challenge = `Bearer scope="${scopes.join(' ')}" error="insufficient_scope"`;
    return { refusal: withChallenge(FORBIDDEN, challenge) };
  }
  const jwt = { claims: claimTexts(claims), scopes: scopes.length === 0 ? null : scopes };
  return { authorizer: { jwt }, authorizerV1: jwt };
}

function invalid({ scopes }: JwtAuthorizer, problem: string): HttpResponse {
  const challenge = `Bearer scope="${scopes.join(' ')}" error="invalid_token" error_description="${problem}"`;
  return withChallenge(UNAUTHORIZED, challenge);
}

function withChallenge(answer: HttpResponse, challenge: string): HttpResponse {
  return { ...answer, headers: [...answer.headers, ['www-authenticate', challenge]] };
}
