import { describe, expect, test } from 'vitest';

import type { CorsConfiguration } from '../../../emulator/model.ts';
import { routeTo, startHttpApi } from './http-api-server.ts';

const cors: CorsConfiguration = {
  allowOrigins: ['https://chat.example', 'http://*'],
  allowMethods: ['GET', 'POST'],
  allowHeaders: ['authorization', 'x-own'],
  exposeHeaders: ['date'],
  allowCredentials: false,
  maxAgeSeconds: 300,
};

const preflight = (origin: string) => ({
  method: 'OPTIONS',
  headers: { Origin: origin, 'Access-Control-Request-Method': 'POST' },
});

const start = (more: Partial<CorsConfiguration> = {}, configured = true) =>
  startHttpApi({
    routes: [routeTo('ANY /rooms', 'own')],
    ...(configured ? { api: { cors: { ...cors, ...more } } } : {}),
    handlers: {
      own: () => ({
        statusCode: 200,
        headers: { 'Access-Control-Allow-Origin': 'https://own.example', 'X-Own': '1' },
        body: 'hello',
      }),
    },
  });

const corsHeaders = (headers: Headers) =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control-')));

describe('[DOC n12] an HTTP API with CORS', () => {
  test('answers a preflight by itself, for paths without a route too', async () => {
    const api = await start();
    for (const path of ['/rooms', '/nowhere']) {
      const answer = await api.get(path, preflight('https://chat.example'));
      expect(answer).toMatchObject({ status: 204, text: '' });
      expect(corsHeaders(answer.headers)).toEqual({
        'access-control-allow-origin': 'https://chat.example',
        'access-control-allow-methods': 'GET,POST',
        'access-control-allow-headers': 'authorization,x-own',
        'access-control-max-age': '300',
      });
    }
    expect(api.invokers).toEqual([]);
  });

  test('gives an origin that is not allowed no headers', async () => {
    const api = await start();
    for (const init of [
      preflight('https://evil.example'),
      { headers: { Origin: 'https://evil.example' } },
    ]) {
      expect(corsHeaders((await api.get('/rooms', init)).headers)).toEqual({});
    }
  });

  test('puts its headers in the place of those of the function', async () => {
    const api = await start();
    const answer = await api.get('/rooms', { headers: { Origin: 'http://localhost:3000' } });
    expect(answer.headers.get('x-own')).toBe('1');
    expect(corsHeaders(answer.headers)).toEqual({
      'access-control-allow-origin': 'http://localhost:3000',
      'access-control-expose-headers': 'date',
    });
  });

  test('puts them on its own errors, so that a page can read them', async () => {
    const answer = await (
      await start()
    ).get('/nowhere', { headers: { Origin: 'https://chat.example' } });
    expect(answer.status).toBe(404);
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://chat.example');
  });

  test('allows every origin, or credentials', async () => {
    const every = await (
      await start({ allowOrigins: ['*'] })
    ).get('/rooms', { headers: { Origin: 'https://a.example' } });
    expect(every.headers.get('access-control-allow-origin')).toBe('*');
    const own = await (
      await start({ allowCredentials: true })
    ).get('/rooms', preflight('https://chat.example'));
    expect(own.headers.get('access-control-allow-credentials')).toBe('true');
  });

  test('takes an OPTIONS request that is no preflight for an ordinary one', async () => {
    expect(await (await start()).get('/rooms', { method: 'OPTIONS' })).toMatchObject({
      text: 'hello',
    });
  });

  test('lets $default with an authorizer refuse a preflight', async () => {
    const api = await startHttpApi({
      routes: [routeTo('$default', 'own', { authorizer: { kind: 'refuse' } })],
      api: { cors },
      handlers: {},
    });
    expect((await api.get('/', preflight('https://chat.example'))).status).toBe(403);
  });
});

test('[DOC n12] an HTTP API without CORS leaves it to its functions', async () => {
  const api = await start({}, false);
  const answer = await api.get('/rooms', preflight('https://chat.example'));
  expect(answer).toMatchObject({ status: 200, text: 'hello' });
  expect(answer.headers.get('access-control-allow-origin')).toBe('https://own.example');
});
