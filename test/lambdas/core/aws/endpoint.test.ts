import { describe, expect, test } from 'vitest';

import {
  createEndpoint,
  region,
  roleCredentials,
  serviceUrl,
} from '../../../../lambdas/core/aws/endpoint.ts';
import { sha256Hex } from '../../../../lambdas/core/aws/signature.ts';
import { serve } from './http-server.ts';

const ok = { status: 200, body: 'ok' };
const request = { method: 'POST', path: '/', body: 'hello', timeoutMs: 5_000 };

const endpointOf = (url: string, maxSockets = 4) =>
  createEndpoint({
    url,
    service: 'dynamodb',
    maxSockets,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: 'session' },
  });

describe('a request', () => {
  test('brings its method, path, headers and body, and a signature of them', async () => {
    const server = await serve(ok);
    const { url, received } = server;
    const headers = { 'x-amz-target': 'DynamoDB_20120810.GetItem' };
    await endpointOf(url).request({ ...request, path: '/a%3D', headers });
    expect(received).toMatchObject([{ method: 'POST', path: '/a%3D', body: 'hello', headers }]);
    expect(received[0]?.headers).toMatchObject({
      host: new URL(url).host,
      'content-length': '5',
      'x-amz-content-sha256': sha256Hex('hello'),
      'x-amz-security-token': 'session',
      authorization: expect.stringMatching(/^AWS4-HMAC-SHA256 Credential=AKID\//) as string,
    });
  });

  test('is answered with the status, the headers and the body', async () => {
    const { url } = await serve((response) => {
      response.writeHead(418, { 'x-amzn-errortype': 'Teapot' }).end('é');
    });
    const answered = await endpointOf(url).request(request);
    expect(answered).toMatchObject({ status: 418, body: 'é' });
    expect(answered.headers['x-amzn-errortype']).toBe('Teapot');
  });

  test('goes below the path of its endpoint', async () => {
    const { url, received } = await serve(ok, ok);
    await endpointOf(`${url}/prod`).request({ ...request, path: '/@connections/A%3D' });
    await endpointOf(`${url}/prod/`).request({ ...request, path: '/@connections/A%3D' });
    expect(received.map(({ path }) => path)).toEqual(Array(2).fill('/prod/@connections/A%3D'));
  });

  test('has the length of its bytes, not of its characters', async () => {
    const { url, received } = await serve(ok);
    await endpointOf(url).request({ ...request, body: '好😀' });
    expect(received[0]).toMatchObject({ body: '好😀', headers: { 'content-length': '7' } });
  });

  test('takes the hash that its caller has already', async () => {
    const { url, received } = await serve(ok);
    await endpointOf(url).request({ ...request, payloadHash: 'known' });
    expect(received[0]?.headers['x-amz-content-sha256']).toBe('known');
  });
});

describe('a socket', () => {
  test('is used again by the next request', async () => {
    const { url, received } = await serve(ok, ok, ok);
    const endpoint = endpointOf(url);
    for (let sent = 0; sent < 3; sent += 1) await endpoint.request(request);
    expect(received.map(({ socket }) => socket)).toEqual([0, 0, 0]);
  });

  test('is waited for when all that are allowed are busy', async () => {
    const { url, received } = await serve(ok, ok, ok, ok, ok, ok);
    const endpoint = endpointOf(url, 2);
    await Promise.all(Array.from({ length: 6 }, () => endpoint.request(request)));
    expect(received).toHaveLength(6);
    expect(new Set(received.map(({ socket }) => socket)).size).toBe(2);
  });

  test('that turns out to be stale is replaced by a new one, once, unseen by the caller', async () => {
    const { url, received } = await serve(ok, 'drop', ok);
    const endpoint = endpointOf(url);
    await endpoint.request(request);
    expect(await endpoint.request(request)).toMatchObject({ status: 200 });
    expect(received.map(({ socket }) => socket)).toEqual([0, 0, 1]);
  });

  test('that is new and fails is an error at once: who may try again is the caller’s to say', async () => {
    const { url, received } = await serve('drop', ok);
    await expect(endpointOf(url).request(request)).rejects.toThrow('socket hang up');
    expect(received).toHaveLength(1);
  });

  test('that is stale is replaced once: a new one that fails as well is an error', async () => {
    const { url, received } = await serve(ok, 'drop', 'drop', ok);
    const endpoint = endpointOf(url);
    await endpoint.request(request);
    await expect(endpoint.request(request)).rejects.toThrow('socket hang up');
    expect(received).toHaveLength(3);
  });

  test('that the other side has cut while it was idle is not used again', async () => {
    const server = await serve(ok, ok);
    const endpoint = endpointOf(server.url);
    await endpoint.request(request);
    server.cutAll();
    expect(await endpoint.request(request)).toMatchObject({ status: 200 });
    expect(server.received.map(({ socket }) => socket)).toEqual([0, 1]);
  });
});

describe('an error', () => {
  test('is what comes of no answer in time, with the host and the limit', async () => {
    const { url } = await serve('hang');
    await expect(endpointOf(url).request({ ...request, timeoutMs: 20 })).rejects.toThrow(
      `No answer from ${new URL(url).host} within 20 ms`,
    );
  });

  test('is what comes of half an answer in time', async () => {
    const { url } = await serve((response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half');
    });
    await expect(endpointOf(url).request({ ...request, timeoutMs: 50 })).rejects.toThrow();
  });

  test('is what comes of an answer cut short', async () => {
    const { url } = await serve((response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    });
    await expect(endpointOf(url).request(request)).rejects.toThrow();
  });

  test('is what comes of a time-out on a socket that was used before, sent once', async () => {
    const { url, received } = await serve(ok, 'hang', ok);
    const endpoint = endpointOf(url);
    await endpoint.request(request);
    await expect(endpoint.request({ ...request, timeoutMs: 20 })).rejects.toThrow('No answer');
    expect(received).toHaveLength(2);
  });

  test('is what comes of a port where nobody listens', async () => {
    await expect(endpointOf('http://127.0.0.1:1').request(request)).rejects.toThrow('ECONNREFUSED');
  });
});

describe('the environment', () => {
  test('gives the credentials of the role, with or without a session', () => {
    const key = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 's' };
    expect(roleCredentials(key)).toEqual({ accessKeyId: 'a', secretAccessKey: 's' });
    expect(roleCredentials({ ...key, AWS_SESSION_TOKEN: 't' })).toMatchObject({
      sessionToken: 't',
    });
  });

  test.each([
    ['the public endpoint of the region', {}, 'https://dynamodb.eu-west-1.amazonaws.com'],
    ['the endpoint for all services', { AWS_ENDPOINT_URL: 'http://all' }, 'http://all'],
    [
      'the endpoint of the service before that of all',
      { AWS_ENDPOINT_URL: 'http://all', AWS_ENDPOINT_URL_DYNAMODB: 'http://one' },
      'http://one',
    ],
  ])('leads to %s', (_what, variables, url) => {
    const environment = { AWS_REGION: 'eu-west-1', ...variables };
    expect(region(environment)).toBe('eu-west-1');
    expect(serviceUrl('dynamodb', environment)).toBe(url);
  });
});
