import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

import {
  ApiGatewayManagementApiClient,
  GetConnectionCommand,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { SignatureV4 } from '@smithy/signature-v4';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createCredentialStore } from '../../emulator/credentials.ts';
import { verifySignature, type SignedRequest } from '../../emulator/signature.ts';

const now = Date.UTC(2026, 0, 1);
const region = 'eu-west-1';
const role = { arn: 'arn:aws:iam::1:role/r', name: 'r', statements: [], managedPolicies: [] };

const store = createCredentialStore();
const credentials = store.issue('fn', role);
const owner = { principal: { kind: 'role', role, functionName: 'fn' } };

/** Node's hashes in the shape that the signer asks for. */
class Sha256 {
  readonly #hash;
  constructor(secret?: string | Uint8Array) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret);
  }
  update(data: string | Uint8Array) {
    this.#hash.update(data);
  }
  async digest() {
    return new Uint8Array(this.#hash.digest());
  }
}

async function signed(
  changes: {
    readonly path?: string;
    readonly query?: Record<string, string | string[]>;
    readonly body?: string;
    readonly headers?: Record<string, string>;
    readonly with?: typeof credentials;
    readonly at?: number;
  } = {},
): Promise<SignedRequest> {
  const { path = '/', query = {}, body = '{}' } = changes;
  const signer = new SignatureV4({
    service: 'execute-api',
    region,
    credentials: changes.with ?? credentials,
    // The signer is typed for an abstract constructor of its own.
    sha256: Sha256 as never,
  });
  const request = await signer.sign(
    {
      method: 'POST',
      protocol: 'http:',
      hostname: '127.0.0.1',
      path,
      query,
      body,
      headers: { host: '127.0.0.1', ...changes.headers },
    },
    { signingDate: new Date(changes.at ?? now) },
  );
  const search = Object.entries(query).flatMap(([name, values]) =>
    [values].flat().map((value) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`),
  );
  return {
    method: 'POST',
    path: search.length === 0 ? path : `${path}?${search.join('&')}`,
    headers: request.headers,
    body: Buffer.from(body),
  };
}

function without(request: SignedRequest, pattern: RegExp): SignedRequest {
  const authorization = (request.headers['authorization'] ?? '').replace(pattern, '');
  return { ...request, headers: { ...request.headers, authorization } };
}

describe('verifySignature', () => {
  test.each([
    ['the root', {}],
    ['a connection id that ends in =', { path: '/prod/@connections/L0SM9cOFvHcCIhw%3D' }],
    ['an encoded @', { path: '/prod/%40connections/abc%3D' }],
    ['a double slash and dots', { path: '/prod//a/./b/../c/' }],
    ['marks that encodeURIComponent leaves alone', { path: "/a!b'c(d)e*f~g" }],
    ['a query', { query: { b: '2', a: ['z', 'y'], 'sp ace': 'a+b/ü', A: '' } }],
    ['a body of many bytes', { body: 'ü€😀' }],
    ['a header with spaces', { headers: { 'x-amz-meta': '  a   b  ' } }],
  ])('verifies a request with %s', async (_, changes) => {
    expect(verifySignature(await signed(changes), store, now)).toEqual(owner);
  });

  test.each<[string, (request: SignedRequest) => SignedRequest]>([
    ['method', (request) => ({ ...request, method: 'PUT' })],
    ['path', (request) => ({ ...request, path: '/other' })],
    ['query', (request) => ({ ...request, path: `${request.path}?a=1` })],
    ['body', (request) => ({ ...request, body: Buffer.from('{"a":1}') })],
    ['host', (request) => ({ ...request, headers: { ...request.headers, host: 'other' } })],
  ])('refuses a request whose %s is not the one signed', async (_, change) => {
    const verification = verifySignature(change(await signed()), store, now);
    expect(verification).toMatchObject({ refused: 'mismatch' });
  });

  test('refuses a signature made with another secret', async () => {
    const request = await signed({ with: { ...credentials, secretAccessKey: 'guessed' } });
    expect(verifySignature(request, store, now)).toMatchObject({ refused: 'mismatch' });
  });

  test.each([
    ['another token', { ...credentials, sessionToken: 'guessed' }],
    [
      'no token',
      { accessKeyId: credentials.accessKeyId, secretAccessKey: credentials.secretAccessKey },
    ],
  ])('refuses an issued key with %s', async (_, presented) => {
    const request = await signed({ with: presented as typeof credentials });
    expect(verifySignature(request, store, now)).toMatchObject({ refused: 'unknown-token' });
  });

  test.each([
    ['expired', -301_000, 'Signature expired: 20251231T235459Z is now earlier than'],
    ['expired', 301_000, 'Signature not yet current: 20260101T000501Z is still later than'],
  ])('refuses as %s a date %i ms from now', async (refused, offset, message) => {
    const verification = verifySignature(await signed({ at: now + offset }), store, now);
    expect(verification).toEqual({ refused, message: expect.stringContaining(message) });
  });

  test.each([-299_000, 299_000])('takes a date %i ms from now', async (offset) => {
    expect(verifySignature(await signed({ at: now + offset }), store, now)).toEqual(owner);
  });

  test('refuses a date that is none', async () => {
    const request = await signed();
    const headers = { ...request.headers, 'x-amz-date': 'yesterday' };
    expect(verifySignature({ ...request, headers }, store, now)).toMatchObject({
      refused: 'expired',
    });
  });

  test('refuses a request without an Authorization header as missing', () => {
    const request = { method: 'GET', path: '/', headers: {}, body: Buffer.alloc(0) };
    expect(verifySignature(request, store, now)).toMatchObject({ refused: 'missing' });
  });

  test.each([
    ['another algorithm', /AWS4-HMAC-SHA256/],
    ['no credential', /Credential=[^,]+, /],
    ['a credential without its scope', /(?<=Credential=\w+)\/[^,]+/],
    ['no signed headers', /SignedHeaders=[^,]+, /],
    ['no signature', /, Signature=.*/],
  ])('refuses %s as incomplete', async (_, pattern) => {
    const verification = verifySignature(without(await signed(), pattern), store, now);
    expect(verification).toMatchObject({ refused: 'incomplete' });
  });

  test('takes any well-formed header of a key never issued for the administrator', async () => {
    const request = await signed({
      with: { accessKeyId: 'dummy', secretAccessKey: 'dummy', sessionToken: '' },
      at: now - 86_400_000,
    });
    expect(verifySignature(request, store, now)).toEqual({ principal: { kind: 'administrator' } });
  });
});

describe('verifySignature of requests that SDK clients send', () => {
  const received: IncomingMessage[] = [];
  const bodies: Buffer[] = [];
  const server = createServer((request, response) => {
    received.push(request);
    void buffer(request).then((body) => {
      bodies.push(body);
      response.end(request.url?.includes('@connections') ? '' : '{}');
    });
  });
  let endpoint = '';
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => void server.close());

  const connection = 'L0SM9cOFvHcCIhw=';
  test.each<[string, () => Promise<unknown>, string]>([
    [
      'PostToConnection',
      () =>
        new ApiGatewayManagementApiClient({
          endpoint: `${endpoint}/prod`,
          region,
          credentials,
        }).send(new PostToConnectionCommand({ ConnectionId: connection, Data: 'hi ü' })),
      '/prod/@connections/L0SM9cOFvHcCIhw%3D',
    ],
    [
      'GetConnection',
      () =>
        new ApiGatewayManagementApiClient({
          endpoint: `${endpoint}/prod`,
          region,
          credentials,
        }).send(new GetConnectionCommand({ ConnectionId: connection })),
      '/prod/@connections/L0SM9cOFvHcCIhw%3D',
    ],
    [
      'ListTables',
      () => new DynamoDBClient({ endpoint, region, credentials }).send(new ListTablesCommand({})),
      '/',
    ],
    [
      'Invoke of an ARN',
      () =>
        new LambdaClient({ endpoint, region, credentials }).send(
          new InvokeCommand({
            FunctionName: 'arn:aws:lambda:eu-west-1:123456789012:function:fn',
            Payload: '{}',
          }),
        ),
      '/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-west-1%3A123456789012%3Afunction%3Afn/invocations',
    ],
  ])('[EXP d] verifies %s as it is sent', async (_, send, path) => {
    await send();
    const request = received.at(-1);
    const signedRequest = {
      method: request?.method ?? '',
      path: request?.url ?? '',
      headers: Object.fromEntries(
        Object.entries(request?.headers ?? {}).map(([name, value]) => [name, String(value)]),
      ),
      body: bodies.at(-1) ?? Buffer.alloc(0),
    };
    expect(signedRequest.path).toBe(path);
    expect(verifySignature(signedRequest, store, Date.now())).toEqual(owner);
  });
});
