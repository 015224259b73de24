import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { NodeHttpHandler } from '@smithy/node-http-handler';

import { createConnectionsApi } from '../lambdas/core/aws/connections-api.ts';
import { createEndpoint } from '../lambdas/core/aws/endpoint.ts';
import { createDeliver, POSTS_AT_ONCE } from '../lambdas/core/deliver.ts';
import type { Recipient } from '../lambdas/core/recipients.ts';
import { atMost, type Figure, median } from './figure.ts';

/**
 * The broadcaster's posts, over plain HTTP to a stub in another process: how long until 1,000
 * connections are reached when each post takes 15 ms, and what a post costs in CPU, beside the SDK's
 * client in the same run. No TLS, so the ratio is what lasts.
 */
const CONNECTIONS = 1_000;
const POST_MS = 15;
const RUNS = 7;
const REGION = 'us-east-1';

const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'secret',
  sessionToken: 'token',
};
const recipients = Array.from({ length: CONNECTIONS }, (_, index): Recipient => ({
  connection: `${Buffer.from(String(index).padStart(11)).toString('base64url')}=`,
  user: 'somebody',
  features: [],
}));
const frame = { action: 'new_message', message: { text: 'x'.repeat(300) } };

interface Run {
  readonly wallMs: number;
  readonly cpuMicrosPerPost: number;
}

async function measure(post: () => Promise<unknown>): Promise<Run> {
  await post();
  const runs: Run[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const startedAt = performance.now();
    const before = process.cpuUsage();
    await post();
    const { user, system } = process.cpuUsage(before);
    runs.push({
      wallMs: performance.now() - startedAt,
      cpuMicrosPerPost: (user + system) / CONNECTIONS,
    });
  }
  return {
    wallMs: median(runs.map(({ wallMs }) => wallMs)),
    cpuMicrosPerPost: median(runs.map(({ cpuMicrosPerPost }) => cpuMicrosPerPost)),
  };
}

async function withStub<Result>(delayMs: number, use: (url: string) => Promise<Result>) {
  const script = fileURLToPath(new URL('posts-stub.ts', import.meta.url));
  const stub = spawn(process.execPath, [script, String(delayMs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [port] = (await once(stub.stdout, 'data')) as [Buffer];
    return await use(`http://127.0.0.1:${port.toString().trim()}/prod`);
  } finally {
    stub.kill();
  }
}

const own = (url: string) => {
  const endpoint = createEndpoint({
    url,
    credentials,
    region: REGION,
    service: 'execute-api',
    maxSockets: POSTS_AT_ONCE,
  });
  const deliver = createDeliver({ api: createConnectionsApi(endpoint) });
  return () => deliver(recipients, [frame], Date.now() + 60_000);
};

const sdk = (endpoint: string) => {
  const requestHandler = new NodeHttpHandler({ httpAgent: { maxSockets: POSTS_AT_ONCE } });
  const region = REGION;
  const client = new ApiGatewayManagementApiClient({
    endpoint,
    credentials,
    requestHandler,
    region,
  });
  const Data = JSON.stringify(frame);
  return () =>
    Promise.all(
      recipients.map(({ connection }) =>
        client.send(new PostToConnectionCommand({ ConnectionId: connection, Data })),
      ),
    );
};

export async function posts(): Promise<readonly Figure[]> {
  const slow = await withStub(POST_MS, (url) => measure(own(url)));
  const fast = await withStub(0, (url) => measure(own(url)));
  const bySdk = await withStub(0, (url) => measure(sdk(url)));
  const perSecond = (run: Run) => `${Math.round((CONNECTIONS * 1_000) / run.wallMs)} posts/s`;
  return [
    atMost(
      `wall time to reach ${CONNECTIONS} connections at ${POST_MS} ms a post`,
      slow.wallMs,
      250,
      'ms',
    ),
    atMost('CPU per post', fast.cpuMicrosPerPost, 180, 'µs'),
    { what: 'posts a second, answered at once', value: perSecond(fast) },
    {
      what: 'CPU per post with the SDK, same run',
      value: `${Math.round(bySdk.cpuMicrosPerPost)} µs`,
    },
    { what: 'posts a second with the SDK, same run', value: perSecond(bySdk) },
  ];
}
