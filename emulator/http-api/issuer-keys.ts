import type { JsonWebKey } from 'node:crypto';

import type { Clock } from '../clock.ts';
import type { HttpApiLimits } from './limits.ts';

/**
 * The keys that issuers of tokens publish: the metadata at `.well-known/openid-configuration` names
 * the address of the keys, and the keys are kept for two hours as on AWS. A key that is not among them
 * is looked for once more, at most once a minute, so that a rotation is noticed.
 *
 * AWS wants `https`; here `http` does too when it stays on this machine, as the issuer of a test does.
 */
export interface IssuerKeys {
  /** Why the keys could not be had, or the key of this id, if there is one. */
  find(
    issuer: string,
    kid: string,
  ): Promise<{ readonly key?: JsonWebKey } | { readonly failed: string }>;
}

interface Kept {
  readonly keys: readonly JsonWebKey[];
  readonly fetchedAt: number;
}

/** Milliseconds between two requests to one issuer for a key it does not seem to have. */
const LOOK_AGAIN_MS = 60_000;

export function createIssuerKeys(clock: Clock, limits: HttpApiLimits): IssuerKeys {
  const kept = new Map<string, Kept>();
  return {
    async find(issuer, kid) {
      const known = kept.get(issuer);
      const age = known === undefined ? Infinity : clock.now() - known.fetchedAt;
      const found = age < limits.keysKeptMs ? keyOf(known, kid) : undefined;
      if (found !== undefined) return { key: found };
      if (age < LOOK_AGAIN_MS) return {};
      const fetched = await fetchKeys(issuer, limits.issuerTimeoutMs);
      if ('failed' in fetched) return fetched;
      const fresh = { ...fetched, fetchedAt: clock.now() };
      kept.set(issuer, fresh);
      const key = keyOf(fresh, kid);
      return key === undefined ? {} : { key };
    },
  };
}

const keyOf = (kept: Kept | undefined, kid: string) => kept?.keys.find((key) => key['kid'] === kid);

async function fetchKeys(
  issuer: string,
  timeoutMs: number,
): Promise<{ readonly keys: readonly JsonWebKey[] } | { readonly failed: string }> {
  const metadata = await fetchJson(
    `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
    timeoutMs,
  );
  const address = metadata?.['jwks_uri'];
  if (typeof address !== 'string') return { failed: 'OIDC discovery endpoint communication error' };
  const keys = (await fetchJson(address, timeoutMs))?.['keys'];
  return Array.isArray(keys)
    ? { keys: keys.filter((key) => typeof key === 'object' && key !== null) as JsonWebKey[] }
    : { failed: 'JWKS communication error' };
}

async function fetchJson(
  url: string,
  timeoutMs: number,
): Promise<Record<string, unknown> | undefined> {
  if (!isTrustworthy(url)) return undefined;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
    const value: unknown = await response.json();
    return typeof value === 'object' && value !== null
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function isTrustworthy(address: string): boolean {
  const url = URL.parse(address);
  const local = ['127.0.0.1', 'localhost', '[::1]'].includes(url?.hostname ?? '');
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && local);
}
