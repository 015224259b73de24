import { onTestFinished } from 'vitest';

import { createActivity } from '../../../emulator/activity.ts';
import type { Clock } from '../../../emulator/clock.ts';
import { realClock } from '../../../emulator/clock.ts';
import { createCredentialStore } from '../../../emulator/credentials.ts';
import { startFront } from '../../../emulator/front.ts';
import type { AccountThrottle } from '../../../emulator/gateway/account-throttle.ts';
import { createHttpApi } from '../../../emulator/http-api/http-api.ts';
import type { HttpApiLimits } from '../../../emulator/http-api/limits.ts';
import type { Invoke, Invoker } from '../../../emulator/invocation.ts';
import { createMeter } from '../../../emulator/meter/meter.ts';
import type { Meter } from '../../../emulator/meter/meter.ts';
import type { HttpApi, HttpRoute } from '../../../emulator/model.ts';
import { serviceError } from '../../../emulator/service.ts';

/** Whatever it returns is the function's payload; what it throws is a failed invocation. */
export type Handler = (event: Event) => unknown;

/** An event as loosely as tests look at it. */
export type Event = Readonly<Record<string, never>> & {
  readonly requestContext: Readonly<Record<string, unknown>>;
};

export interface HttpApiServer {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly invokers: readonly Invoker[];
  readonly log: readonly string[];
  readonly meter: Meter;
  get(path: string, init?: RequestInit): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The text as JSON. */
  json(): unknown;
}

/** Functions of these tests are named, and their ARN is this. */
export const arnOf = (name: string): string =>
  `arn:aws:lambda:us-east-1:123456789012:function:${name}`;

export function routeTo(
  routeKey: string,
  name: string,
  more: Partial<HttpRoute> & { readonly payloadFormat?: '1.0' | '2.0' } = {},
): HttpRoute {
  const { payloadFormat = '2.0', ...rest } = more;
  const integration = { functionArn: arnOf(name), timeoutMs: 30_000, payloadFormat };
  return { routeKey, integration, ...rest };
}

/** One HTTP API on a free port, its functions called in this process. */
export async function startHttpApi(options: {
  readonly routes: readonly HttpRoute[];
  readonly api?: Partial<HttpApi>;
  readonly handlers: Readonly<Record<string, Handler>>;
  readonly endings?: Readonly<Record<string, Awaited<ReturnType<Invoke>>>>;
  readonly clock?: Clock;
  readonly limits?: Partial<HttpApiLimits>;
  /** Default: the account has no quotas. */
  readonly throttle?: AccountThrottle;
}): Promise<HttpApiServer> {
  const meter = createMeter();
  const log: string[] = [];
  const invokers: Invoker[] = [];
  const http = createHttpApi({
    api: {
      logicalId: 'Api',
      path: 'Test/Api',
      apiId: 'abcd123',
      name: 'Test',
      routes: options.routes,
      stages: [{ name: '$default', deployed: true, variables: {} }],
      ...options.api,
    },
    region: 'us-east-1',
    account: '123456789012',
    clock: options.clock ?? realClock(),
    activity: createActivity(),
    meter,
    log: (source, line) => void log.push(`${source}: ${line}`),
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    ...(options.throttle === undefined ? {} : { throttle: options.throttle }),
    async invoke(functionArn, event, invoker) {
      invokers.push(invoker);
      const name = functionArn.slice(functionArn.lastIndexOf(':') + 1);
      return options.endings?.[name] ?? run(options.handlers[name], event);
    },
  });
  const front = await startFront({ port: 0, credentials: createCredentialStore() });
  onTestFinished(() => front.close());
  const nobody = async () => serviceError(500, 'Unexpected', 'no service is asked here');
  front.serve({ dynamodb: nobody, sqs: nobody, lambda: nobody, http });
  return { url: front.url, invokers, log, meter, get: (path, init) => get(front.url + path, init) };
}

async function get(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, init);
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: () => JSON.parse(text) as unknown,
  };
}

async function run(
  handler: Handler | undefined,
  event: unknown,
): Promise<Awaited<ReturnType<Invoke>>> {
  const requestId = 'test';
  if (handler === undefined) return { outcome: 'missing', requestId };
  try {
    const result: unknown = await handler(throughJson(event) as Event);
    return { outcome: 'returned', requestId, payload: throughJson(result ?? null) };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    return {
      outcome: 'failed',
      requestId,
      errorType: name,
      errorMessage: message,
      timedOut: false,
    };
  }
}

const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
