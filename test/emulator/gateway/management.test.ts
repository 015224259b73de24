import { afterEach, describe, expect, test } from 'vitest';

import type { Principal } from '../../../emulator/iam/principal.ts';
import type { PolicyStatement } from '../../../emulator/model.ts';
import { connect } from '../../contract/websocket-client.ts';
import { apiOf, arnOf, routeTo } from './apis.ts';
import type { GatewayServer, GatewayServerOptions } from './gateway-server.ts';
import { startGatewayServer } from './gateway-server.ts';
import { TEXT, codeOf, frameOf, openRaw } from './raw-client.ts';

/**
 * Goal: the answers of @connections as bytes, where an SDK would hide them, and IAM on them.
 * Method: unsigned HTTP; who signed is what the test says.
 */
const NOBODY = 'XDmENcnwIE0CFEQ%3D';
const servers: GatewayServer[] = [];

async function serve(options: Partial<GatewayServerOptions> = {}): Promise<GatewayServer> {
  const server = await startGatewayServer({
    api: apiOf([]),
    ...options,
    limits: { closeWaitMs: 20, ...options.limits },
  });
  servers.push(server);
  return server;
}

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

const onlyId = (server: GatewayServer) => server.gateway.connections()[0]?.connectionId ?? '';
const post = (server: GatewayServer, id: string, body: string | Buffer = 'x') =>
  fetch(`${server.management}/@connections/${id}`, { method: 'POST', body: Buffer.from(body) });

describe('@connections', () => {
  test('[INF d] answers 410 with an empty body and the type in its header', async () => {
    const server = await serve();
    for (const method of ['POST', 'GET', 'DELETE']) {
      const answer = await fetch(`${server.management}/@connections/${NOBODY}`, { method });
      expect([answer.status, answer.headers.get('x-amzn-ErrorType'), await answer.text()]).toEqual([
        410,
        'GoneException',
        '',
      ]);
    }
  });

  test('[DOC d1] knows its path by @ and by %40, and an id by = and by %3D', async () => {
    const server = await serve();
    const client = await connect(server.url);
    const id = onlyId(server);
    for (const path of [`@connections/${id}`, `%40connections/${encodeURIComponent(id)}`]) {
      const answer = await fetch(`${server.management}/${path}`, { method: 'POST', body: path });
      expect([answer.status, await answer.text()]).toEqual([200, '']);
      expect(await client.next()).toBe(path);
    }
  });

  test.for(['nonsense', '%E0%A4%A', 'XDmENcnwIE0CFEQ', `${NOBODY}%3D`])(
    '[ISSUE d] answers 400 BadRequestException for the id %s',
    async (id) => {
      const answer = await post(await serve(), id);
      expect([answer.status, answer.headers.get('x-amzn-ErrorType')]).toEqual([
        400,
        'BadRequestException',
      ]);
    },
  );

  test.for([
    '/nosuchstage/@connections/XDmENcnwIE0CFEQ%3D',
    '/prod//@connections/XDmENcnwIE0CFEQ%3D',
    '/@connections/XDmENcnwIE0CFEQ%3D',
    '/prod/@connections/XDmENcnwIE0CFEQ%3D/more',
    '/prod/@connections/',
    '/',
    '/favicon.ico',
  ])('[ISSUE d] answers 403 Forbidden on the path %s', async (path) => {
    const server = await serve();
    const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, { method: 'POST' });
    expect([answer.status, await answer.text()]).toEqual([403, '{"message":"Forbidden"}']);
  });

  test('answers 403 to other methods', async () => {
    const server = await serve();
    const url = `${server.management}/@connections/${NOBODY}`;
    expect((await fetch(url, { method: 'PUT', body: 'x' })).status).toBe(403);
  });

  test('a connection of one stage is gone on another', async () => {
    const stage = (name: string) => ({ name, deployed: true, variables: {} });
    const server = await serve({ api: apiOf([], { stages: [stage('prod'), stage('test')] }) });
    await connect(server.url);
    const path = `/@connections/${encodeURIComponent(onlyId(server))}`;
    const answer = await fetch(`${server.management.replace('prod', 'test')}${path}`);
    expect(answer.status).toBe(410);
  });

  test('[SRC d] GET answers camelCase and ISO dates', async () => {
    const server = await serve();
    await connect(server.url);
    const answer = await fetch(`${server.management}/@connections/${onlyId(server)}`);
    const iso = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(await answer.json()).toEqual({
      connectedAt: iso,
      identity: { sourceIp: '127.0.0.1' },
      lastActiveAt: iso,
    });
  });

  test('[INF e] POST reaches the client as text frames of at most 32 KB, the last one final', async () => {
    const server = await serve();
    const client = await openRaw(server.port);
    expect((await post(server, onlyId(server), Buffer.alloc(70_000, 'é'))).status).toBe(200);
    const frames = [await client.frame(), await client.frame(), await client.frame()];
    expect(frames.map(({ opcode, fin, payload }) => [opcode, fin, payload.length])).toEqual([
      [TEXT, false, 32_768],
      [0, false, 32_768],
      [0, true, 4464],
    ]);
    expect((await post(server, onlyId(server), Buffer.alloc(32_768, 'x'))).status).toBe(200);
    expect(await client.frame()).toMatchObject({ fin: true, opcode: TEXT });
    expect(server.meter.read()).toMatchObject({
      posts: { 'Test/Api': 2 },
      'messages.out': { 'Test/Api': 2 },
      'frames.out': { 'Test/Api': 4 },
    });
  });

  test('[DOC c11] POST is 410 until $connect has let the client in', async () => {
    const inside = Promise.withResolvers<string>();
    const letIn = Promise.withResolvers<void>();
    const server = await serve({
      api: apiOf([routeTo('$connect', 'connect')]),
      handlers: {
        [arnOf('connect')]: async (event: { requestContext: { connectionId: string } }) => {
          inside.resolve(event.requestContext.connectionId);
          await letIn.promise;
          return { statusCode: 200 };
        },
      },
    });
    const connecting = connect(server.url);
    const id = await inside.promise;
    expect((await post(server, id)).status).toBe(410);
    letIn.resolve();
    await connecting;
    expect((await post(server, id)).status).toBe(200);
  });

  test('[INF c] a connection is gone inside $disconnect, and as soon as DELETE was answered', async () => {
    const statuses: number[] = [];
    const done = Promise.withResolvers<void>();
    const server = await serve({
      api: apiOf([routeTo('$disconnect', 'disconnect')]),
      handlers: {
        [arnOf('disconnect')]: async (event: { requestContext: { connectionId: string } }) => {
          statuses.push((await post(server, event.requestContext.connectionId)).status);
          done.resolve();
        },
      },
    });
    const client = await openRaw(server.port);
    const id = onlyId(server);
    await fetch(`${server.management}/@connections/${id}`, { method: 'DELETE' });
    expect((await post(server, id)).status).toBe(410);
    expect((await fetch(`${server.management}/@connections/${id}`)).status).toBe(410);
    expect(codeOf(await client.frame())).toBe(1000);
    client.write(frameOf(Buffer.from([0x03, 0xe8]), { opcode: 8 }));
    await done.promise;
    expect(statuses).toEqual([410]);
  });

  test('[SRC d] POST answers 429 once too much waits for a client that does not read', async () => {
    const server = await serve({ limits: { clientBufferBytes: 64 * 1024 } });
    const client = await openRaw(server.port);
    client.socket.pause();
    const id = onlyId(server);
    const body = Buffer.alloc(128 * 1024, 'x');
    let answer = await post(server, id, body);
    // The kernel's buffers fill first; how large they are is the machine's business.
    for (let posts = 0; posts < 1000 && answer.status === 200; posts += 1) {
      answer = await post(server, id, body);
    }
    expect([answer.status, answer.headers.get('x-amzn-ErrorType')]).toEqual([
      429,
      'LimitExceededException',
    ]);
    client.socket.destroy();
  });
});

describe('IAM on @connections', () => {
  const roleWith = (resources: readonly string[]): Principal => {
    const statement: PolicyStatement = {
      effect: 'Allow',
      actions: ['execute-api:ManageConnections'],
      notActions: [],
      resources,
      notResources: [],
      conditions: {},
    };
    const role = {
      arn: 'arn:aws:iam::123456789012:role/r',
      name: 'r',
      statements: [statement],
      managedPolicies: [],
    };
    return { kind: 'role', role, functionName: 'f' };
  };
  const API = 'arn:aws:execute-api:us-east-1:123456789012:abcd123';

  test.for([
    `${API}/prod/POST/@connections/*`,
    `${API}/prod/*/@connections/*`,
    `${API}/*/*/@connections/*`,
  ])('[EXP i] lets a role post that has %s', async (resource) => {
    const server = await serve({ principal: roleWith([resource]) });
    expect((await post(server, NOBODY)).status).toBe(410);
  });

  test.for([`${API}/test/POST/@connections/*`, `${API}/prod/GET/@connections/*`])(
    '[DOC d3] answers 403 to a role that has only %s, and names what is missing',
    async (resource) => {
      const server = await serve({ principal: roleWith([resource]) });
      const answer = await post(server, NOBODY);
      expect([answer.status, answer.headers.get('x-amzn-ErrorType')]).toEqual([
        403,
        'ForbiddenException',
      ]);
      expect(await answer.json()).toEqual({
        message: expect.stringContaining('execute-api:ManageConnections'),
      });
      expect(server.log).toHaveLength(1);
    },
  );
});
