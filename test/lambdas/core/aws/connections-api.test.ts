import { describe, expect, test } from 'vitest';

import { createConnectionsApi, payload } from '../../../../lambdas/core/aws/connections-api.ts';
import { createEndpoint } from '../../../../lambdas/core/aws/endpoint.ts';
import { sha256Hex } from '../../../../lambdas/core/aws/signature.ts';
import { type Answer, serve } from './http-server.ts';

async function post(answer: Answer, timeoutMs = 5_000, signal?: AbortSignal) {
  const { url, received } = await serve(answer);
  const api = createConnectionsApi(
    createEndpoint({
      url: `${url}/prod`,
      service: 'execute-api',
      maxSockets: 4,
      credentials: { accessKeyId: 'AKID', secretAccessKey: 'secret' },
    }),
  );
  return { outcome: await api.post('AbC=', payload('hello'), timeoutMs, signal), received };
}

describe('a post', () => {
  test('goes to its connection, whose id is encoded, with the hash of its payload', async () => {
    const { received } = await post({ status: 200 });
    expect(received).toMatchObject([
      {
        method: 'POST',
        path: '/prod/@connections/AbC%3D',
        body: 'hello',
        headers: { 'x-amz-content-sha256': sha256Hex('hello') },
      },
    ]);
  });

  test.each([
    [200, 'posted'],
    [410, 'gone'],
    [429, 'busy'],
    [500, 'busy'],
    [503, 'busy'],
    [400, 'failed'],
    [403, 'failed'],
    [404, 'failed'],
    [413, 'failed'],
  ] as const)('that is answered %d is %s, after one request', async (status, expected) => {
    const { outcome, received } = await post({ status });
    expect(outcome).toBe(expected);
    expect(received).toHaveLength(1);
  });

  test('that is not answered in time has failed', async () => {
    expect(await post('hang', 20)).toMatchObject({ outcome: 'failed' });
  });

  test('that is aborted has failed, before its time', async () => {
    expect(await post('hang', 60_000, AbortSignal.timeout(5))).toMatchObject({ outcome: 'failed' });
  });

  test('whose connection is dropped has failed, and is not sent again: it may have arrived', async () => {
    const { outcome, received } = await post('drop');
    expect(outcome).toBe('failed');
    expect(received).toHaveLength(1);
  });
});
