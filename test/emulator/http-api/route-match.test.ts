import { describe, expect, test } from 'vitest';

import { createRouter } from '../../../emulator/http-api/route-match.ts';

const routed = (keys: readonly string[], method: string, path: string) => {
  const found = createRouter(keys.map((routeKey) => ({ routeKey })))(method, path);
  return found && [found.route.routeKey, found.pathParameters];
};

describe('the route of a request to an HTTP API', () => {
  const keys = [
    '$default',
    'ANY /{proxy+}',
    'GET /pets/{proxy+}',
    'GET /pets/dog/{id}',
    'GET /pets/dog/1',
    'ANY /pets/dog/1',
    'GET /pets/{kind}/1',
    'POST /',
  ];

  test.each([
    ['GET', '/pets/dog/1', 'GET /pets/dog/1', {}],
    ['PUT', '/pets/dog/1', 'ANY /pets/dog/1', {}],
    ['GET', '/pets/dog/2', 'GET /pets/dog/{id}', { id: '2' }],
    ['GET', '/pets/cat/1', 'GET /pets/{kind}/1', { kind: 'cat' }],
    ['GET', '/pets/cat/2/3', 'GET /pets/{proxy+}', { proxy: 'cat/2/3' }],
    ['GET', '/test/5', 'ANY /{proxy+}', { proxy: 'test/5' }],
    ['DELETE', '/pets/dog', 'ANY /{proxy+}', { proxy: 'pets/dog' }],
    ['POST', '/', 'POST /', {}],
    ['GET', '/', '$default', {}],
  ])('[DOC n11] is the most specific: %s %s takes %s', (method, path, routeKey, variables) => {
    expect(routed(keys, method, path)).toEqual([routeKey, variables]);
  });

  test('[DOC n11] takes a path in full before any greedy one', () => {
    const keys = ['GET /pets/{proxy+}', 'GET /{kind}/{name}'];
    expect(routed(keys, 'GET', '/pets/dog')).toEqual([
      'GET /{kind}/{name}',
      { kind: 'pets', name: 'dog' },
    ]);
    expect(routed(keys, 'GET', '/pets/dog/1')).toEqual(['GET /pets/{proxy+}', { proxy: 'dog/1' }]);
  });

  test.each([
    ['GET', '/rooms/'],
    ['GET', '/rooms'],
    ['GET', '/rooms/1/'],
    ['GET', '/Rooms/1'],
    ['POST', '/rooms/1'],
  ])('is none where nothing fits: %s %s', (method, path) => {
    expect(routed(['GET /rooms/{room-id}'], method, path)).toBeUndefined();
  });

  test('takes names of variables that no program could have', () => {
    expect(routed(['GET /rooms/{room-id}'], 'GET', '/rooms/1')).toEqual([
      'GET /rooms/{room-id}',
      { 'room-id': '1' },
    ]);
  });
});
