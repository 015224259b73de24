import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Activity } from '../../../emulator/activity.ts';
import { createActivity } from '../../../emulator/activity.ts';
import type { Clock } from '../../../emulator/clock.ts';
import { realClock } from '../../../emulator/clock.ts';
import type { Principal } from '../../../emulator/iam/principal.ts';
import type { Quotas } from '../../../emulator/gateway/account-throttle.ts';
import { createAccountThrottle } from '../../../emulator/gateway/account-throttle.ts';
import type { Gateway } from '../../../emulator/gateway/gateway.ts';
import { createGateway } from '../../../emulator/gateway/gateway.ts';
import type { GatewayLimits } from '../../../emulator/gateway/limits.ts';
import type { InvocationResult, Invoke, Invoker } from '../../../emulator/invocation.ts';
import type { Log } from '../../../emulator/log.ts';
import type { Meter } from '../../../emulator/meter/meter.ts';
import { createMeter } from '../../../emulator/meter/meter.ts';
import type { WebSocketApi } from '../../../emulator/model.ts';
import type { ServiceRequest } from '../../../emulator/service.ts';

/** A function's handler; what it throws is a failed invocation. */
export type Handler = (event: never) => unknown;

/** An ending that no handler can produce by itself. */
type Ending = Awaited<ReturnType<Invoke>>;

export interface GatewayServerOptions {
  readonly api: WebSocketApi;
  /** By ARN; an ARN that is not here is `missing`. */
  readonly handlers?: Readonly<Record<string, Handler>>;
  /** By ARN: ends an invocation in place of its handler. */
  readonly endings?: Readonly<Record<string, Ending>>;
  readonly clock?: Clock;
  readonly limits?: Partial<GatewayLimits>;
  /** Default: the account has none. */
  readonly quotas?: Quotas;
  /** Who signs the requests; default: the administrator. */
  readonly principal?: Principal;
}

export interface GatewayServer {
  /** `ws://127.0.0.1:<port>/<first stage>`. */
  readonly url: string;
  readonly management: string;
  readonly port: number;
  readonly http: Server;
  readonly gateway: Gateway;
  readonly activity: Activity;
  readonly meter: Meter;
  readonly log: readonly string[];
  readonly invokers: readonly Invoker[];
  close(): Promise<void>;
}

/** One gateway behind a plain HTTP server on a free port, its functions called in this process. */
export async function startGatewayServer(options: GatewayServerOptions): Promise<GatewayServer> {
  const activity = createActivity();
  const meter = createMeter();
  const log: string[] = [];
  const invokers: Invoker[] = [];
  const { clock = realClock() } = options;
  const tell: Log = (source, line) => void log.push(`${source}: ${line}`);
  const gateway = createGateway({
    api: options.api,
    region: 'us-east-1',
    account: '123456789012',
    invoke: async (arn, event, invoker) => {
      invokers.push(invoker);
      return invokeInProcess(options, arn, event);
    },
    clock,
    activity,
    meter,
    log: tell,
    throttle: createAccountThrottle({ quotas: options.quotas ?? 'off', clock, log: tell }),
    ...(options.limits && { limits: options.limits }),
  });
  const principal = options.principal ?? { kind: 'administrator' };
  const server = createServer((request, response) => {
    void serve(gateway, principal, request, response);
  });
  server.on('upgrade', (request, socket, head) => gateway.upgrade(request, socket, head));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const stage = options.api.stages[0]?.name ?? '';
  return {
    url: `ws://127.0.0.1:${port}/${stage}`,
    management: `http://127.0.0.1:${port}/${stage}`,
    port,
    http: server,
    gateway,
    activity,
    meter,
    log,
    invokers,
    async close() {
      await gateway.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function invokeInProcess(
  { handlers = {}, endings = {} }: GatewayServerOptions,
  arn: string,
  event: unknown,
): Promise<Ending> {
  const requestId = 'test';
  const ending = endings[arn];
  if (ending !== undefined) return ending;
  const handler = handlers[arn];
  if (handler === undefined) return { outcome: 'missing', requestId };
  try {
    const result: unknown = await handler(throughJson(event) as never);
    return { outcome: 'returned', requestId, payload: throughJson(result ?? null) };
  } catch (error) {
    return failed(requestId, error);
  }
}

function failed(requestId: string, error: unknown): InvocationResult {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return { outcome: 'failed', requestId, errorType: name, errorMessage: message, timedOut: false };
}

function throughJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

async function serve(
  gateway: Gateway,
  principal: Principal,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const answer = await gateway.service({
    method: request.method ?? 'GET',
    path: request.url ?? '/',
    headers: request.headers as ServiceRequest['headers'],
    body: Buffer.concat(chunks),
    principal,
  });
  response.writeHead(answer.status, answer.headers).end(answer.body);
}
