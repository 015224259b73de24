import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { TestClient } from './websocket-client.ts';
import { connect, handshake } from './websocket-client.ts';

/** Where the contract app (`app/`) runs. */
export interface ContractTarget {
  /** `ws(s)://<host>/<stage>`. */
  readonly url: string;
  /** `http(s)://<host>/<stage>`, for @connections. */
  readonly management: string;
  /** Resolves when nothing more can be under way for what was done so far. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

const KIB = 1024;
const FRAME_BYTES = 32 * KIB;
const ID = /^[\w-]{15}=$/;
const REQUEST_TIME = /^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/;

/** Every key of a requestContext that is the same for all events, in AWS's order from `stage` on. */
const CONTEXT_TAIL = [
  'stage',
  'connectedAt',
  'requestTimeEpoch',
  'identity',
  'requestId',
  'domainName',
  'connectionId',
  'apiId',
];

interface LambdaEvent {
  readonly headers: Record<string, string>;
  readonly multiValueHeaders: Record<string, string[]>;
  readonly requestContext: {
    readonly connectionId: string;
    readonly requestId: string;
    readonly extendedRequestId: string;
    readonly messageId?: string;
    readonly requestTime: string;
    readonly authorizer: Record<string, unknown>;
    readonly disconnectStatusCode?: number;
    readonly disconnectReason?: string;
    readonly [key: string]: unknown;
  };
  readonly body: string;
  readonly [key: string]: unknown;
}

/**
 * What API Gateway does with a WebSocket API, as one suite for whatever claims to do the same. It
 * needs the contract app, and sees through it: two-way routes answer, and the events that nobody
 * answers are posted to a watching connection. Grades in titles are those of aws.md.
 */
export function gatewayContract(open: () => Promise<ContractTarget>): void {
  let target: ContractTarget;
  let management: ApiGatewayManagementApiClient;

  beforeAll(async () => {
    target = await open();
    management = new ApiGatewayManagementApiClient({ endpoint: target.management });
  });
  afterAll(async () => {
    management.destroy();
    await target.close();
  });

  const urlWith = (query: string) => `${target.url}?${query}`;
  const join = (query = 'as=ann') => connect(urlWith(query));
  const ask = async (client: TestClient, action: string, more: object = {}) => {
    client.send(JSON.stringify({ action, ...more }));
    return client.next();
  };
  const whoami = async (client: TestClient): Promise<LambdaEvent> =>
    JSON.parse(await ask(client, 'whoami'));
  const idOf = async (client: TestClient) => (await whoami(client)).requestContext.connectionId;
  const expectSilence = async (client: TestClient) => {
    await client.roundTrip();
    await target.settle();
    await client.roundTrip();
    expect(client.unread()).toEqual([]);
  };
  /** A client, and the one that is told its events. */
  const watched = async (more = '') => {
    const watcher = await join();
    const client = await join(`as=bob&watcher=${encodeURIComponent(await idOf(watcher))}${more}`);
    const nextEvent = async (handler: string): Promise<LambdaEvent> => {
      const report: { handler: string; event: LambdaEvent } = JSON.parse(await watcher.next());
      expect(report.handler).toBe(handler);
      return report.event;
    };
    return {
      client,
      nextEvent,
      authorizer: await nextEvent('authorizer'),
      event: await nextEvent('connect'),
    };
  };
  const endOf = async (end: (client: TestClient) => void | Promise<void>) => {
    const { client, nextEvent } = await watched();
    await end(client);
    const { requestContext } = await nextEvent('disconnect');
    return [requestContext.disconnectStatusCode, requestContext.disconnectReason];
  };

  describe('the handshake', () => {
    test.for([200, 201])('[REC c1] lets a client in when $connect returns %i', async (status) => {
      expect((await handshake(urlWith(`as=ann&status=${status}`))).status).toBe(101);
    });

    test.for([301, 400, 401, 501])(
      '[REC c2] refuses with the very status that $connect returns: %i, and no body',
      async (status) => {
        const answer = await handshake(urlWith(`as=ann&status=${status}`));
        expect([answer.status, answer.body]).toEqual([status, '']);
      },
    );

    test('[REC c3] answers 502 when $connect throws', async () => {
      expect((await handshake(urlWith('as=ann&throw=1'))).status).toBe(502);
    });

    test('[UNV c] answers 502 when $connect returns no status', async () => {
      expect((await handshake(urlWith('as=ann&status=none'))).status).toBe(502);
    });

    test('[DOC c4] answers 401 without the identity source, and when it is empty', async () => {
      expect((await handshake(target.url)).status).toBe(401);
      expect((await handshake(urlWith('as='))).status).toBe(401);
    });

    test('[DOC c5] answers 403 when the policy denies', async () => {
      expect((await handshake(urlWith('as=deny'))).status).toBe(403);
    });

    test('[DOC c6] answers 401 when the authorizer throws "Unauthorized"', async () => {
      expect((await handshake(urlWith('as=unauthorized'))).status).toBe(401);
    });

    test('[UNV c] answers 500 when the authorizer throws anything else', async () => {
      expect((await handshake(urlWith('as=crash'))).status).toBe(500);
    });

    test('[UNV c] answers 403 for a stage that is not there', async () => {
      const url = new URL(target.url);
      url.pathname = '/nosuchstage';
      expect((await handshake(`${url.href}?as=ann`)).status).toBe(403);
    });

    test('[REC c8] answers 426 to a plain request', async () => {
      expect((await fetch(target.management)).status).toBe(426);
    });

    test("[REC c9] answers 101 with API Gateway's header case and nothing of the function's", async () => {
      const { rawHeaders, headers } = await handshake(urlWith('as=ann'));
      const names = rawHeaders.filter((_, index) => index % 2 === 0);
      expect(names).toEqual(['Date', 'Connection', 'upgrade', 'sec-websocket-accept']);
      expect(headers['connection']).toBe('upgrade');
      expect(headers['sec-websocket-accept']).toBe('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
    });

    test('[ISSUE c] chooses no subprotocol by itself', async () => {
      const answer = await handshake(urlWith('as=ann'), { 'Sec-WebSocket-Protocol': 'one, two' });
      expect(answer.status).toBe(101);
      expect(answer.headers['sec-websocket-protocol']).toBeUndefined();
    });

    test('[DOC c10] passes on the subprotocol that the function chose', async () => {
      const answer = await handshake(urlWith('as=ann&protocol=two'), {
        'Sec-WebSocket-Protocol': 'one, two',
      });
      expect(answer.headers['sec-websocket-protocol']).toBe('two');
    });

    test('[DOC c11] answers 410 to a post from inside $connect', async () => {
      expect((await handshake(urlWith('as=ann&post=self'))).status).toBe(410);
    });
  });

  describe('the events', () => {
    test('[REC a1] CONNECT has its keys in AWS order, without the upgrade headers', async () => {
      const { event } = await watched('&q=1&q=2');
      expect(Object.keys(event)).toEqual([
        'headers',
        'multiValueHeaders',
        'queryStringParameters',
        'multiValueQueryStringParameters',
        'requestContext',
        'isBase64Encoded',
      ]);
      expect(Object.keys(event.requestContext)).toEqual([
        'routeKey',
        'authorizer',
        'eventType',
        'extendedRequestId',
        'requestTime',
        'messageDirection',
        ...CONTEXT_TAIL,
      ]);
      expect(event['queryStringParameters']).toMatchObject({ as: 'bob', q: '2' });
      expect(event['multiValueQueryStringParameters']).toMatchObject({ q: ['1', '2'] });
      const names = Object.keys(event.headers).map((name) => name.toLowerCase());
      expect(names).not.toContain('connection');
      expect(names).not.toContain('upgrade');
      expect(Object.keys(event.multiValueHeaders)).toEqual(Object.keys(event.headers));
      expect(event.requestContext).toMatchObject({ routeKey: '$connect', eventType: 'CONNECT' });
      expect(event.requestContext.requestId).toBe(event.requestContext.extendedRequestId);
      expect(event.requestContext.requestId).toMatch(ID);
      expect(event.requestContext.requestTime).toMatch(REQUEST_TIME);
    });

    test('[DOC a11] the authorizer sees the upgrade headers and its method ARN', async () => {
      const { authorizer } = await watched();
      expect(authorizer['type']).toBe('REQUEST');
      expect(authorizer['methodArn']).toMatch(
        /^arn:aws:execute-api:[\w-]+:\d{12}:\w+\/\w+\/\$connect$/,
      );
      expect(authorizer.headers).toMatchObject({
        Connection: 'upgrade',
        Upgrade: 'websocket',
        'content-length': '0',
      });
      expect(authorizer['stageVariables']).toEqual({});
    });

    test('[REC a4] MESSAGE has no headers and no query, and the body as it was sent', async () => {
      const client = await join();
      const sent = '{ "action":"whoami",\n "odd":  [1] }';
      client.send(sent);
      const event: LambdaEvent = JSON.parse(await client.next());
      expect(Object.keys(event)).toEqual(['requestContext', 'body', 'isBase64Encoded']);
      expect(event.body).toBe(sent);
      expect(Object.keys(event.requestContext)).toEqual([
        'routeKey',
        'authorizer',
        'messageId',
        'eventType',
        'extendedRequestId',
        'requestTime',
        'messageDirection',
        ...CONTEXT_TAIL,
      ]);
      expect(event.requestContext).toMatchObject({
        routeKey: 'whoami',
        eventType: 'MESSAGE',
        messageDirection: 'IN',
      });
    });

    test("[INF a] a message's id ends with the last three bytes of its connection's", async () => {
      const { requestContext } = await whoami(await join());
      const bytes = (id = '') => [...Buffer.from(id, 'base64url')];
      expect(bytes(requestContext.messageId)).toHaveLength(11);
      expect(bytes(requestContext.messageId).slice(8)).toEqual(
        bytes(requestContext.connectionId).slice(8),
      );
      expect(bytes(requestContext.connectionId)[8]).toBe(0x02);
      expect(bytes(requestContext.requestId)[8]).toBe(0x05);
    });

    test('[REC a6] DISCONNECT has four headers, three of them empty', async () => {
      const { client, nextEvent } = await watched();
      client.close(1000);
      const event = await nextEvent('disconnect');
      expect(Object.keys(event)).toEqual([
        'headers',
        'multiValueHeaders',
        'requestContext',
        'isBase64Encoded',
      ]);
      expect(event.headers).toEqual({
        Host: event.requestContext['domainName'],
        'x-api-key': '',
        'X-Forwarded-For': '',
        'x-restapi': '',
      });
      expect(Object.keys(event.requestContext)).toEqual([
        'routeKey',
        'authorizer',
        'disconnectStatusCode',
        'eventType',
        'extendedRequestId',
        'requestTime',
        'messageDirection',
        'disconnectReason',
        ...CONTEXT_TAIL,
      ]);
    });

    test('[DOC a10] the context of the authorizer is text, on every event', async () => {
      const { client, event, nextEvent } = await watched();
      const known = { principalId: 'bob', count: '1', flag: 'true' };
      expect(event.requestContext.authorizer).toMatchObject(known);
      expect((await whoami(client)).requestContext.authorizer).toMatchObject(known);
      client.close();
      expect((await nextEvent('disconnect')).requestContext.authorizer).toMatchObject(known);
    });
  });

  describe('messages', () => {
    const errorFrame = (message: string) =>
      new RegExp(
        `^\\{"message": "${message}", "connectionId":"[\\w-]{15}=", "requestId":"[\\w-]{15}="\\}$`,
      );

    test.for(['{"action":"nobody"}', '{"no":"action"}', 'hi', '', '"echo"', '{"action":null}'])(
      '[REC b2] answers Forbidden when there is no route and no $default: %j',
      async (message) => {
        const client = await join();
        client.send(message);
        expect(await client.next()).toMatch(errorFrame('Forbidden'));
      },
    );

    test.for(['$connect', '$disconnect'])(
      '[UNV b] does not let a message reach %s',
      async (action) => {
        expect(await ask(await join(), action)).toMatch(errorFrame('Forbidden'));
      },
    );

    test('[REC b3] answers Internal server error when a function throws, and stays open', async () => {
      const client = await join();
      const frame = await ask(client, 'throw');
      expect(frame).toMatch(errorFrame('Internal server error'));
      expect(JSON.parse(frame)).toMatchObject({ connectionId: await idOf(client) });
    });

    test('[ISSUE b] answers Endpoint request timed out when the integration has no more time', async () => {
      expect(await ask(await join(), 'slow')).toMatch(errorFrame('Endpoint request timed out'));
    });

    test('[DOC b4] answers a two-way route with the body, and only the body', async () => {
      const message = '{"action":"echo","text":"\u2603 \u{1F600}"}';
      const client = await join();
      client.send(message);
      expect(await client.next()).toBe(message);
    });

    test('[DOC b4] sends nothing for a two-way route without a body', async () => {
      const client = await join();
      client.send('{"action":"bodiless"}');
      await expectSilence(client);
    });

    test.for([200, 301, 401, 501])(
      '[REC b5] sends nothing for a one-way route that returns %i',
      async (status) => {
        const client = await join();
        client.send(JSON.stringify({ action: 'oneway', status }));
        await expectSilence(client);
      },
    );

    test('[REC b6] sends nothing when a function returns no value', async () => {
      const client = await join();
      client.send('{"action":"silent"}');
      await expectSilence(client);
    });

    test('[INF b] does not let a slow message hold up the next', async () => {
      const client = await join();
      client.send('{"action":"slow"}');
      expect(await ask(client, 'echo')).toBe('{"action":"echo"}');
    });
  });

  describe('limits and ends', () => {
    const sized = (bytes: number) => {
      const empty = JSON.stringify({ action: 'echo', pad: '' });
      return JSON.stringify({ action: 'echo', pad: 'x'.repeat(bytes - empty.length) });
    };
    const inFrames = (message: string) =>
      Array.from({ length: Math.ceil(message.length / FRAME_BYTES) }, (_, index) =>
        message.slice(index * FRAME_BYTES, (index + 1) * FRAME_BYTES),
      );

    test('[DOC e1] takes a frame of 32 KB', async () => {
      const client = await join();
      client.send(sized(FRAME_BYTES));
      expect(await client.next()).toHaveLength(FRAME_BYTES);
    });

    test('[DOC e1] closes with 1009 at a frame over 32 KB', async () => {
      const client = await join();
      client.send(sized(FRAME_BYTES + 1));
      expect((await client.closed).code).toBe(1009);
    });

    test('[DOC e2] takes a message of 128 KB in frames of 32 KB', async () => {
      const client = await join();
      client.sendFrames(inFrames(sized(128 * KIB)));
      expect(await client.next()).toHaveLength(128 * KIB);
    });

    test('[DOC e2] closes with 1009 at a message over 128 KB, whatever its frames', async () => {
      const client = await join();
      client.sendFrames(inFrames(sized(128 * KIB + 1)));
      expect((await client.closed).code).toBe(1009);
    });

    test('[DOC c18] closes with 1003 at a binary message', async () => {
      const client = await join();
      client.send(Buffer.from('{"action":"echo"}'));
      expect((await client.closed).code).toBe(1003);
    });

    test('[UNV c] $disconnect tells the code with which the gateway refused a message', async () => {
      expect((await endOf((client) => client.send(sized(FRAME_BYTES + 1))))[0]).toBe(1009);
      expect((await endOf((client) => client.sendFrames(inFrames(sized(129 * KIB)))))[0]).toBe(
        1009,
      );
      expect((await endOf((client) => client.send(Buffer.from('x'))))[0]).toBe(1003);
    });

    test('[REC c14] $disconnect tells 1005 and its reason when the client sent no code', async () => {
      expect(await endOf((client) => client.close())).toEqual([
        1005,
        'Client-side close frame status not set',
      ]);
    });

    test("[REC c15] $disconnect tells the client's code, with an empty reason", async () => {
      expect(await endOf((client) => client.close(1001))).toEqual([1001, '']);
    });

    test("[INF c] $disconnect tells the client's code and reason", async () => {
      expect(await endOf((client) => client.close(4001, 'enough'))).toEqual([4001, 'enough']);
    });

    test('[UNV c] $disconnect tells 1006 when the connection was cut', async () => {
      expect(await endOf((client) => client.terminate())).toEqual([1006, '']);
    });

    test('[REC c17] $disconnect tells 1000 "Connection Closed Normally" after a DELETE', async () => {
      const end = endOf(async (client) => {
        await management.send(new DeleteConnectionCommand({ ConnectionId: await idOf(client) }));
      });
      expect(await end).toEqual([1000, 'Connection Closed Normally']);
    });
  });

  describe('@connections', () => {
    const post = (id: string, data: string | Buffer) =>
      management.send(new PostToConnectionCommand({ ConnectionId: id, Data: data }));
    /** An id like AWS's that belongs to nobody. */
    const NOBODY = 'XDmENcnwIE0CFEQ=';

    test('[DOC d2] POST sends a text message and answers 200', async () => {
      const client = await join();
      const { $metadata } = await post(await idOf(client), 'h\u00e9llo');
      expect($metadata.httpStatusCode).toBe(200);
      expect(await client.next()).toBe('h\u00e9llo');
    });

    test('[DOC d2] a function posts to another connection', async () => {
      const [ann, bob] = [await join(), await join('as=bob')];
      const answer = await ask(ann, 'post', { to: await idOf(bob), data: 'from ann' });
      expect(JSON.parse(answer)).toEqual({ posted: true });
      expect(await bob.next()).toBe('from ann');
    });

    test('[INF e] POST of more than 32 KB reaches the client as one message', async () => {
      const client = await join();
      await post(await idOf(client), 'y'.repeat(100 * KIB));
      expect(await client.next()).toHaveLength(100 * KIB);
    });

    test('[SRC d] POST answers 413 over 131,072 bytes, and not at them', async () => {
      const client = await join();
      const id = await idOf(client);
      await expect(post(id, 'z'.repeat(128 * KIB + 1))).rejects.toMatchObject({
        name: 'PayloadTooLargeException',
        $metadata: { httpStatusCode: 413 },
      });
      await post(id, 'z'.repeat(128 * KIB));
      expect(await client.next()).toHaveLength(128 * KIB);
    });

    test('[INF d] POST answers 410 GoneException for a connection that is not there', async () => {
      await expect(post(NOBODY, 'x')).rejects.toBeInstanceOf(GoneException);
      const client = await join();
      const id = await idOf(client);
      client.close();
      await client.closed;
      await target.settle();
      await expect(post(id, 'x')).rejects.toMatchObject({
        name: 'GoneException',
        $metadata: { httpStatusCode: 410, attempts: 1 },
      });
    });

    test('[ISSUE d] POST answers 400 BadRequestException for an id that cannot be one', async () => {
      await expect(post('nonsense', 'x')).rejects.toMatchObject({
        name: 'BadRequestException',
        $metadata: { httpStatusCode: 400 },
      });
    });

    test('[ISSUE d] answers 403 Forbidden on another stage', async () => {
      const endpoint = target.management.replace(/[^/]+$/, 'nosuchstage');
      const elsewhere = new ApiGatewayManagementApiClient({ endpoint });
      await expect(
        elsewhere.send(new PostToConnectionCommand({ ConnectionId: NOBODY, Data: 'x' })),
      ).rejects.toMatchObject({
        name: 'ForbiddenException',
        message: 'Forbidden',
        $metadata: { httpStatusCode: 403 },
      });
      elsewhere.destroy();
    });

    test('[SRC d] GET tells since when, who, and when last', async () => {
      const client = await join();
      const id = await idOf(client);
      const found = await management.send(new GetConnectionCommand({ ConnectionId: id }));
      expect(found.ConnectedAt).toBeInstanceOf(Date);
      expect(found.LastActiveAt?.getTime()).toBeGreaterThanOrEqual(
        found.ConnectedAt?.getTime() ?? Number.POSITIVE_INFINITY,
      );
      expect(found.Identity?.SourceIp).toMatch(/^[\d.:a-f]+$/);
      await expect(
        management.send(new GetConnectionCommand({ ConnectionId: NOBODY })),
      ).rejects.toBeInstanceOf(GoneException);
    });

    test('[REC c17] DELETE answers 204 and closes with 1000', async () => {
      const client = await join();
      const id = await idOf(client);
      const deletion = new DeleteConnectionCommand({ ConnectionId: id });
      const { $metadata } = await management.send(deletion);
      expect($metadata.httpStatusCode).toBe(204);
      expect(await client.closed).toEqual({ code: 1000, reason: 'Connection Closed Normally' });
      await expect(management.send(deletion)).rejects.toBeInstanceOf(GoneException);
    });
  });
}
