import { afterEach, describe, expect, test } from 'vitest';

import { manualClock } from '../../../emulator/clock.ts';
import type { Quotas } from '../../../emulator/gateway/account-throttle.ts';
import { createAccountThrottle } from '../../../emulator/gateway/account-throttle.ts';
import { connect, handshake } from '../../contract/websocket-client.ts';
import { apiOf, arnOf, routeTo } from './apis.ts';
import type { GatewayServer, GatewayServerOptions } from './gateway-server.ts';
import { startGatewayServer } from './gateway-server.ts';

/**
 * Goal: AWS's throttles, of the account and of routes, hold where they hold on AWS, and what they refuse
 * is answered and told. Method: a clock that stands still, so that nothing is refilled by chance.
 */
const servers: GatewayServer[] = [];

async function serve(options: Partial<GatewayServerOptions>): Promise<GatewayServer> {
  const echo = ({ body }: { body: string }) => ({ statusCode: 200, body });
  const server = await startGatewayServer({
    api: apiOf([routeTo('$default', 'echo', { twoWay: true })]),
    handlers: { [arnOf('echo')]: echo },
    ...options,
  });
  servers.push(server);
  return server;
}

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

const TOO_MANY =
  /^\{"message": "Too Many Requests", "connectionId":"[^"]+", "requestId":"[^"]+"\}$/;
const onlyId = ({ gateway }: GatewayServer) => gateway.connections()[0]?.connectionId ?? '';
const statusOf = async ({ url }: GatewayServer) => (await handshake(url)).status;

function throttleOf(quotas: Quotas) {
  const clock = manualClock();
  const lines: string[] = [];
  const log = (source: string, line: string) => void lines.push(`${source}: ${line}`);
  return { clock, lines, throttle: createAccountThrottle({ quotas, clock, log }) };
}

const granted = (take: () => boolean) => {
  let count = 0;
  while (count < 50_000 && take()) count += 1;
  return count;
};

describe('the account', () => {
  test('[DOC e10] has 500 new connections a second', () => {
    const { clock, throttle } = throttleOf('aws');
    expect(granted(throttle.takeConnection)).toBe(500);
    clock.advance(200);
    expect(granted(throttle.takeConnection)).toBe(100);
    clock.advance(60_000);
    expect(granted(throttle.takeConnection)).toBe(500);
  });

  test('[DOC e11] has 10,000 requests a second, 5,000 at once', () => {
    const { clock, throttle } = throttleOf('aws');
    expect(granted(throttle.takeRequest)).toBe(5_000);
    clock.advance(100);
    expect(granted(throttle.takeRequest)).toBe(1_000);
    clock.advance(60_000);
    expect(granted(throttle.takeRequest)).toBe(5_000);
  });

  test('may have quotas of its own, the rest being those of AWS, or none', () => {
    const own = throttleOf({ connectionsPerSecond: 7 }).throttle;
    expect([granted(own.takeConnection), granted(own.takeRequest)]).toEqual([7, 5_000]);
    const none = throttleOf('off').throttle;
    expect([granted(none.takeConnection), granted(none.takeRequest)]).toEqual([50_000, 50_000]);
  });

  test('says that a quota is used up once a second, and how much went unsaid', () => {
    const { clock, lines, throttle } = throttleOf({ connectionsPerSecond: 0 });
    const refuse = (times: number) => {
      for (let count = 0; count < times; count += 1) throttle.takeConnection();
    };
    refuse(100);
    clock.advance(999);
    refuse(100);
    clock.advance(1);
    refuse(1);
    const line = "emulator: the account's quota of 0 new connections a second is used up";
    expect(lines).toEqual([
      `${line}; --quotas off lifts it`,
      `${line}, 199 more refused since the last line; --quotas off lifts it`,
    ]);
  });
});

describe('beyond the quotas of the account', () => {
  test('[DOC e10] a handshake is answered 429, until the next second', async () => {
    const clock = manualClock();
    const server = await serve({ clock, quotas: { connectionsPerSecond: 2 } });
    const three = [await statusOf(server), await statusOf(server), await statusOf(server)];
    expect(three).toEqual([101, 101, 429]);
    expect(server.log).toHaveLength(1);
    clock.advance(500);
    expect(await statusOf(server)).toBe(101);
  });

  test('[DOC e11] handshakes, messages in and calls of @connections take from one bucket', async () => {
    const clock = manualClock();
    const quotas = { requestBurst: 4, requestsPerSecond: 4 };
    const server = await serve({ clock, quotas });
    const client = await connect(server.url);
    const connectionId = onlyId(server);
    const call = async (method: string) =>
      (await fetch(`${server.management}/@connections/${connectionId}`, { method })).status;
    client.send('heard');
    expect(await client.next()).toBe('heard');
    expect([await call('GET'), await call('POST')]).toEqual([200, 200]);
    expect(await client.next()).toBe('');
    // The four are gone.
    expect([await call('GET'), await call('POST'), await call('DELETE')]).toEqual([429, 429, 429]);
    expect(await statusOf(server)).toBe(429);
    clock.advance(250);
    client.send('heard again');
    expect(await client.next()).toBe('heard again');
  });

  test('[UNV b] a message in is answered Too Many Requests, runs nothing, and the socket stays open', async () => {
    const server = await serve({ clock: manualClock(), quotas: { requestBurst: 2 } });
    const client = await connect(server.url);
    client.send('heard');
    expect(await client.next()).toBe('heard');
    client.send('not heard');
    expect(await client.next()).toMatch(TOO_MANY);
    await client.roundTrip();
    expect(server.invokers).toHaveLength(1);
  });

  test('[SRC d] a post is answered 429 LimitExceededException', async () => {
    const server = await serve({ clock: manualClock(), quotas: { requestBurst: 1 } });
    const client = await connect(server.url);
    const connectionId = onlyId(server);
    const url = `${server.management}/@connections/${connectionId}`;
    const answer = await fetch(url, { method: 'POST', body: 'x' });
    expect([answer.status, answer.headers.get('x-amzn-ErrorType')]).toEqual([
      429,
      'LimitExceededException',
    ]);
    await client.roundTrip();
    expect(client.unread()).toEqual([]);
  });
});

describe('the throttle of a route', () => {
  const stageWith = (throttles: object) => [
    { name: 'prod', deployed: true, variables: {}, ...throttles },
  ];
  const slow = { rate: 1, burst: 1 };

  test('[DOC e12] is its own in place of the default of its stage', async () => {
    const server = await serve({
      clock: manualClock(),
      api: apiOf(
        ['x', 'y'].map((key) => routeTo(key, 'echo', { twoWay: true })),
        {
          stages: stageWith({
            throttle: slow,
            routeThrottles: new Map([['y', { rate: 1, burst: 3 }]]),
          }),
        },
      ),
    });
    const client = await connect(server.url);
    const heard = async (action: string) => {
      let count = 0;
      for (; count < 10; count += 1) {
        client.send(JSON.stringify({ action }));
        if (TOO_MANY.test(await client.next())) break;
      }
      return count;
    };
    expect([await heard('x'), await heard('y')]).toEqual([1, 3]);
  });

  test('[DOC e12] is that of $connect, too: 429', async () => {
    const clock = manualClock();
    const server = await serve({
      clock,
      api: apiOf([routeTo('$connect', 'echo')], { stages: stageWith({ throttle: slow }) }),
    });
    expect([await statusOf(server), await statusOf(server)]).toEqual([101, 429]);
    clock.advance(1_000);
    expect(await statusOf(server)).toBe(101);
  });

  test('does not touch an API without $connect', async () => {
    const api = apiOf([], { stages: stageWith({ throttle: slow }) });
    const server = await serve({ clock: manualClock(), api });
    expect([await statusOf(server), await statusOf(server)]).toEqual([101, 101]);
  });

  test('takes nothing from the account when it refuses', async () => {
    const server = await serve({
      clock: manualClock(),
      quotas: { requestBurst: 3 },
      api: apiOf(
        ['x', 'y'].map((key) => routeTo(key, 'echo', { twoWay: true })),
        { stages: stageWith({ routeThrottles: new Map([['x', slow]]) }) },
      ),
    });
    const client = await connect(server.url);
    const ask = async (action: string) => {
      client.send(JSON.stringify({ action }));
      return TOO_MANY.test(await client.next());
    };
    expect([await ask('x'), await ask('x'), await ask('x')]).toEqual([false, true, true]);
    expect([await ask('y'), await ask('y')]).toEqual([false, true]);
  });
});
