import { createHash, createHmac } from 'node:crypto';

import { SignatureV4 } from '@smithy/signature-v4';
import { describe, expect, test } from 'vitest';

import {
  createSigner,
  type Credentials,
  sha256Hex,
} from '../../../../lambdas/core/aws/signature.ts';

const region = 'eu-west-1';
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRf' };
const temporary = { ...credentials, sessionToken: 'FwoGZXIvYXdzEXAMPLE//8=' };
const now = Date.UTC(2026, 0, 31, 23, 59, 59, 999);

/** Node's hashes in the shape that the SDK's signer asks for. */
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

interface Case {
  readonly service: string;
  readonly host: string;
  readonly path: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly with: Credentials;
  readonly at: number;
}

/** What the SDK signs of a request. */
async function bySdk({ service, host, path, body, headers = {}, with: credentials, at }: Case) {
  const signer = new SignatureV4({
    service,
    region,
    credentials,
    // The signer is typed for an abstract constructor of its own.
    sha256: Sha256 as never,
  });
  const request = { method: 'POST', protocol: 'https:', hostname: host, path, body };
  const signed = await signer.sign(
    { ...request, headers: { ...headers, host } },
    { signingDate: new Date(at) },
  );
  return signed.headers;
}

function byUs({ service, host, path, body, headers = {}, with: credentials, at }: Case) {
  const signer = createSigner({ service, region, credentials, now: () => at });
  return signer.sign({ method: 'POST', host, path, headers, payloadHash: sha256Hex(body) });
}

const dynamodb = {
  service: 'dynamodb',
  host: 'dynamodb.eu-west-1.amazonaws.com',
  path: '/',
  body: '{"TableName":"Tablé"}',
};
const connection = {
  service: 'execute-api',
  host: 'abc123.execute-api.eu-west-1.amazonaws.com',
  path: '/prod/@connections/AbC%3D',
  body: 'hello 😀',
};

describe('a signature', () => {
  test.each([
    ['of DynamoDB', dynamodb, credentials],
    ['of DynamoDB, of a session', dynamodb, temporary],
    ['of a post to a connection', connection, credentials],
    ['of a post to a connection, of a session', connection, temporary],
    [
      'of a call with the headers of the JSON protocol',
      {
        ...dynamodb,
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': 'DynamoDB_20120810.Query',
        },
      },
      temporary,
    ],
    ['of an emulator with a port', { ...dynamodb, host: '127.0.0.1:4566' }, temporary],
    ['of an empty body', { ...connection, body: '' }, temporary],
    [
      "of every letter that a URL's path may have",
      { ...connection, path: "/~._-!$&'()*+,;=:@/%20%2F" },
      temporary,
    ],
  ])("%s is the SDK's own", async (_what, request, of) => {
    const one = { ...request, with: of, at: now };
    expect(byUs(one)).toEqual(await bySdk(one));
  });

  test('signs the host, the time, the payload and the session, and no credential goes along', () => {
    const headers = byUs({ ...dynamodb, with: temporary, at: now });
    expect(headers['authorization']).toContain(
      'SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token,',
    );
    expect(JSON.stringify(headers)).not.toContain(temporary.secretAccessKey);
    expect(byUs({ ...dynamodb, with: credentials, at: now })).not.toHaveProperty(
      'x-amz-security-token',
    );
  });

  test("has the key of its day: one signer's are the SDK's before, after and again before midnight", async () => {
    let at = now;
    const signer = createSigner({
      service: 'dynamodb',
      region,
      credentials: temporary,
      now: () => at,
    });
    const { host, path, body } = dynamodb;
    for (const time of [now, now + 1, now, now + 86_400_000]) {
      at = time;
      const signed = signer.sign({ method: 'POST', host, path, payloadHash: sha256Hex(body) });
      expect(signed).toEqual(await bySdk({ ...dynamodb, with: temporary, at: time }));
    }
  });

  test('differs when anything of its request does', () => {
    const one = { ...dynamodb, with: credentials, at: now };
    const others: readonly Case[] = [
      { ...one, path: '/x' },
      { ...one, host: 'elsewhere' },
      { ...one, body: '{}' },
      { ...one, service: 'sqs' },
      { ...one, at: now - 1_000 },
      { ...one, with: { ...credentials, secretAccessKey: 'other' } },
    ];
    const signatures = [one, ...others].map((request) =>
      byUs(request)['authorization']?.replace(/.*Signature=/, ''),
    );
    expect(new Set(signatures).size).toBe(7);
  });
});

test('hashes text as UTF-8', () => {
  expect(sha256Hex('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  expect(sha256Hex('é')).toBe(sha256Hex(Buffer.from([0xc3, 0xa9])));
});
