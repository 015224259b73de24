import { createPublicKey, verify } from 'node:crypto';
import type { JsonWebKey } from 'node:crypto';

import type { JwtAuthorizer } from '../model.ts';

/**
 * A JSON Web Token as a JWT authorizer takes it: signed with RSA by a key that the issuer publishes
 * under the token's `kid`, from this issuer, for this audience, in its time. AWS takes no other kind
 * of key, so neither does this. Pure: keys and time come in.
 */
export interface Token {
  readonly kid: string;
  readonly algorithm: string;
  readonly claims: Claims;
  readonly signed: string;
  readonly signature: Buffer;
}

export type Claims = Readonly<Record<string, unknown>>;

const HASHES: ReadonlyMap<string, string> = new Map([
  ['RS256', 'sha256'],
  ['RS384', 'sha384'],
  ['RS512', 'sha512'],
]);

const MS_PER_SECOND = 1_000;

/** Reads a token without checking it; undefined when it is none. */
export function readToken(text: string): Token | undefined {
  const parts = text.split('.');
  const [header = '', payload = '', signature = ''] = parts;
  const head = readObject(header);
  const claims = readObject(payload);
  if (parts.length !== 3 || head === undefined || claims === undefined) return undefined;
  return {
    kid: textOf(head['kid'] ?? ''),
    algorithm: textOf(head['alg'] ?? ''),
    claims,
    signed: `${header}.${payload}`,
    signature: Buffer.from(signature, 'base64url'),
  };
}

/** Why a token's algorithm or signature is refused; undefined when it is good. */
export function signatureProblem(token: Token, key: JsonWebKey | undefined): string | undefined {
  const hash = HASHES.get(token.algorithm);
  if (hash === undefined) return 'signing method is invalid';
  if (key?.kty !== 'RSA') return 'unable to find a signing key that matches';
  return isSigned(token, hash, key) ? undefined : 'the token has an invalid signature';
}

/** False also for a key that the issuer wrote down wrongly. */
function isSigned({ signed, signature }: Token, hash: string, key: JsonWebKey): boolean {
  try {
    const publicKey = createPublicKey({ key, format: 'jwk' });
    return verify(hash, Buffer.from(signed), publicKey, signature);
  } catch {
    return false;
  }
}

/** Why a token's claims are refused; undefined when they are good. `now` in epoch milliseconds. */
export function claimsProblem(
  claims: Claims,
  { issuer, audience }: Pick<JwtAuthorizer, 'issuer' | 'audience'>,
  now: number,
): string | undefined {
  const { exp, nbf, iat, iss } = claims;
  // AWS looks at client_id only where there is no aud.
  const audiences = [claims['aud'] ?? claims['client_id'] ?? []].flat();
  const seconds = now / MS_PER_SECOND;
  if (iss !== issuer) return 'the token does not have a valid issuer';
  if (!audience.some((each) => audiences.includes(each))) {
    return 'the token does not have a valid audience';
  }
  if (typeof exp !== 'number' || exp <= seconds) return 'the token has expired';
  if (typeof nbf === 'number' && nbf > seconds) return 'the token is not valid yet';
  if (typeof iat === 'number' && iat > seconds) return 'the token was issued in the future';
  return undefined;
}

/** The scopes of a token, from `scope` or `scp`: a text with spaces, or a list. */
export function scopesOf({ scope, scp }: Claims): readonly string[] {
  const found = scope ?? scp;
  if (Array.isArray(found)) return found.map(String);
  return typeof found === 'string' ? found.split(' ').filter((each) => each !== '') : [];
}

/** The claims as events have them: every one a text, a list as `[a b]`. */
export function claimTexts(claims: Claims): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, textOf(value)]));
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(textOf).join(' ')}]`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function readObject(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isRecord ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
