import { matchesPattern } from '../iam/pattern.ts';
import type { AuthorizerContext } from './events.ts';

/**
 * Reads what a REQUEST authorizer returned: `{principalId, policyDocument, context}`. Pure.
 *
 * As on AWS a Deny wins, and what nothing allows is denied; context values reach later events as
 * text. An answer that AWS could not read is `malformed`, which the client sees as 500. Conditions
 * of statements are not evaluated.
 */
export type AuthorizerAnswer =
  | { readonly verdict: 'allow'; readonly context: AuthorizerContext }
  | { readonly verdict: 'deny' }
  | { readonly verdict: 'malformed'; readonly why: string };

const INVOKE = 'execute-api:Invoke';

export function readAuthorizerAnswer(
  payload: unknown,
  methodArn: string,
  maxBytes: number,
): AuthorizerAnswer {
  if (Buffer.byteLength(JSON.stringify(payload) ?? '') > maxBytes) {
    return malformed(`it is over ${maxBytes} bytes`);
  }
  const principalId = property(payload, 'principalId');
  if (typeof principalId !== 'string') return malformed('principalId is not a text');
  const allowed = policyAllows(payload, methodArn);
  if (allowed === undefined) return malformed('policyDocument has no Statement');
  const context = stringifyContext(property(payload, 'context') ?? {});
  if (context === undefined) return malformed('context has a value that is not a scalar');
  return allowed ? { verdict: 'allow', context: { principalId, ...context } } : { verdict: 'deny' };
}

/**
 * Whether an authorizer's policy allows `execute-api:Invoke` on this ARN; undefined when the answer
 * holds no policy.
 */
export function policyAllows(payload: unknown, arn: string): boolean | undefined {
  const statements = listOf(property(property(payload, 'policyDocument'), 'Statement'));
  return statements.length === 0 ? undefined : allows(statements, arn);
}

function allows(statements: readonly unknown[], methodArn: string): boolean {
  const effects = statements
    .filter(
      (statement) =>
        matchesAny(property(statement, 'Action'), INVOKE) &&
        matchesAny(property(statement, 'Resource'), methodArn),
    )
    .map((statement) => property(statement, 'Effect'));
  return effects.includes('Allow') && !effects.includes('Deny');
}

/** Arrays and objects make AWS refuse the whole answer. */
function stringifyContext(context: unknown): Readonly<Record<string, string>> | undefined {
  if (typeof context !== 'object' || context === null) return undefined;
  const entries = Object.entries(context);
  const scalars = entries.every(([, value]) =>
    ['string', 'number', 'boolean'].includes(typeof value),
  );
  return scalars
    ? Object.fromEntries(entries.map(([key, value]) => [key, String(value)]))
    : undefined;
}

function matchesAny(patterns: unknown, text: string): boolean {
  return listOf(patterns).some(
    (pattern) => typeof pattern === 'string' && matchesPattern(pattern, text),
  );
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function malformed(why: string): AuthorizerAnswer {
  return { verdict: 'malformed', why };
}
