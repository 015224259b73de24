import { createSign, generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { describe, expect, onTestFinished, test, vi } from 'vitest';

import { manualClock } from '../../../emulator/clock.ts';
import type { JwtAuthorizer } from '../../../emulator/model.ts';
import { routeTo, startHttpApi } from './http-api-server.ts';

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' });

const NOW = Date.UTC(2026, 0, 1);
const SECONDS = NOW / 1_000;

const publish = (key: KeyObject, kid: string) => ({ ...key.export({ format: 'jwk' }), kid });

const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

function sign(claims: object, header: object = {}, key = pair.privateKey): string {
  const signed = `${base64({ alg: 'RS256', kid: 'one', ...header })}.${base64(claims)}`;
  const dsa = key.asymmetricKeyType === 'ec' ? { key, dsaEncoding: 'ieee-p1363' as const } : key;
  return `${signed}.${createSign('sha256').update(signed).sign(dsa, 'base64url')}`;
}

/** An issuer of tokens on this machine; `keys` may be changed while it runs. */
async function startIssuer() {
  const keys: object[] = [publish(pair.publicKey, 'one'), publish(elliptic.publicKey, 'ec')];
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const metadata = { issuer: url(), jwks_uri: `${url()}/keys` };
    response.end(JSON.stringify(request.url === '/keys' ? { keys } : metadata));
  });
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => server.close();
  onTestFinished(() => {
    close();
    server.closeAllConnections();
  });
  return { url: url(), keys, asked, close };
}

async function start(more: Partial<JwtAuthorizer> = {}) {
  const issuer = await startIssuer();
  const clock = manualClock(NOW);
  const authorizer: JwtAuthorizer = {
    kind: 'jwt',
    authorizerId: 'jwt1d',
    issuer: issuer.url,
    audience: ['chat', 'web'],
    identitySource: '$request.header.Authorization',
    scopes: [],
    ...more,
  };
  const api = await startHttpApi({
    routes: [routeTo('GET /', 'echo', { authorizer })],
    handlers: { echo: ({ requestContext }) => ({ authorizer: requestContext['authorizer'] }) },
    clock,
  });
  const claims = { iss: issuer.url, aud: 'chat', exp: SECONDS + 60, iat: SECONDS, sub: 'alice' };
  const ask = (token: string) => api.get('/', { headers: { authorization: token } });
  return { ...api, issuer, clock, claims, ask };
}

describe('[DOC n15] a JWT authorizer', () => {
  test('lets a good token in, with its claims as texts', async () => {
    const { ask, claims } = await start();
    const token = sign({ ...claims, groups: ['a', 'b'], admin: true });
    for (const given of [token, `Bearer ${token}`]) {
      expect((await ask(given)).json()).toEqual({
        authorizer: {
          jwt: {
            claims: {
              ...claims,
              exp: String(claims.exp),
              iat: String(claims.iat),
              groups: '[a b]',
              admin: 'true',
            },
            scopes: null,
          },
        },
      });
    }
  });

  test.each<[string, object, string]>([
    ['another issuer', { iss: 'https://evil.example' }, 'issuer'],
    ['another audience', { aud: 'other' }, 'audience'],
    ['no audience', { aud: undefined }, 'audience'],
    ['a client of another audience', { aud: 'other', client_id: 'chat' }, 'audience'],
    ['a time that is over', { exp: SECONDS }, 'expired'],
    ['no end', { exp: undefined }, 'expired'],
    ['a time that has not begun', { nbf: SECONDS + 1 }, 'not valid yet'],
    ['a birth in the future', { iat: SECONDS + 1 }, 'future'],
  ])('refuses a token of %s: 401', async (_title, wrong, why) => {
    const { ask, claims } = await start();
    const answer = await ask(sign({ ...claims, ...wrong }));
    expect(answer).toMatchObject({ status: 401, text: '{"message":"Unauthorized"}' });
    const challenge = answer.headers.get('www-authenticate') ?? '';
    expect(challenge).toMatch(/^Bearer scope="" error="invalid_token" error_description="/);
    expect(challenge).toContain(why);
  });

  test.each<[string, (claims: object) => string]>([
    ['no token', () => 'Bearer'],
    ['what is no token', () => 'hello'],
    ['another key', (claims) => sign(claims, {}, other.privateKey)],
    ['an unknown key', (claims) => sign(claims, { kid: 'two' })],
    ['no signature', (claims) => `${base64({ alg: 'none', kid: 'one' })}.${base64(claims)}.`],
    [
      'a key that is not RSA',
      (claims) => sign(claims, { alg: 'ES256', kid: 'ec' }, elliptic.privateKey),
    ],
    ['the public key as a secret', (claims) => sign(claims, { alg: 'HS256' })],
    [
      'other claims than were signed',
      (claims) => {
        const [head, , signature] = sign(claims).split('.');
        return `${head}.${base64({ ...claims, sub: 'bob' })}.${signature}`;
      },
    ],
  ])('refuses %s: 401', async (_title, forge) => {
    const { ask, claims } = await start();
    expect((await ask(forge(claims))).status).toBe(401);
  });

  test('looks at client_id where there is no aud', async () => {
    const { ask, claims } = await start();
    expect((await ask(sign({ ...claims, aud: undefined, client_id: 'web' }))).status).toBe(200);
    expect((await ask(sign({ ...claims, aud: ['x', 'web'] }))).status).toBe(200);
  });

  test.each<[string, object, number]>([
    ['scope', { scope: 'read write' }, 200],
    ['scp', { scp: ['write'] }, 200],
    ['scope', { scope: 'read' }, 403],
    ['neither', {}, 403],
  ])('wants one of the scopes of the route: %s of %j is %i', async (_title, more, status) => {
    const { ask, claims } = await start({ scopes: ['write', 'admin'] });
    const answer = await ask(sign({ ...claims, ...more }));
    expect(answer.status).toBe(status);
    if (status === 403) {
      expect(answer.text).toBe('{"message":"Forbidden"}');
      expect(answer.headers.get('www-authenticate')).toContain('error="insufficient_scope"');
    }
  });
});

describe('[DOC n16] the keys of an issuer', () => {
  test('are kept for two hours', async () => {
    const { ask, claims, issuer, clock } = await start();
    const lasting = sign({ ...claims, exp: SECONDS + 100_000 });
    await ask(lasting);
    await ask(lasting);
    expect(issuer.asked).toEqual(['/.well-known/openid-configuration', '/keys']);
    clock.advance(2 * 3_600_000);
    expect((await ask(lasting)).status).toBe(200);
    expect(issuer.asked).toHaveLength(4);
  });

  test('are asked for again, but not for every token, when one is new', async () => {
    const { ask, claims, issuer, clock } = await start();
    const rotated = sign({ ...claims, exp: SECONDS + 1_000 }, { kid: 'two' }, other.privateKey);
    expect((await ask(rotated)).status).toBe(401);
    issuer.keys.push(publish(other.publicKey, 'two'));
    expect((await ask(rotated)).status).toBe(401);
    clock.advance(60_000);
    expect((await ask(rotated)).status).toBe(200);
  });

  test('are not asked for over plain HTTP elsewhere than on this machine', async () => {
    const issuer = 'http://issuer.invalid';
    const fetched = vi.spyOn(globalThis, 'fetch');
    onTestFinished(() => fetched.mockRestore());
    const { ask, claims, log } = await start({ issuer });
    expect((await ask(sign({ ...claims, iss: issuer }))).status).toBe(401);
    expect(log.join('\n')).toContain(`the issuer ${issuer}: OIDC discovery`);
    const asked = fetched.mock.calls.filter(
      ([url]) => typeof url === 'string' && url.startsWith(issuer),
    );
    expect(asked).toEqual([]);
  });

  test('that cannot be had let nobody in, and say so in the log', async () => {
    const { ask, claims, issuer, log } = await start();
    issuer.close();
    const answer = await ask(sign(claims));
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toContain(
      'OIDC discovery endpoint communication error',
    );
    expect(log.join('\n')).toContain('OIDC discovery endpoint communication error');
  });
});
