import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { readRouteSelection } from '../../../emulator/gateway/route-selection.ts';

const select = (expression: string, body: unknown) =>
  readRouteSelection(expression)(typeof body === 'string' ? body : JSON.stringify(body));

describe('the route selection expression', () => {
  test.for<[expression: string, body: unknown, key: string]>([
    ['$request.body.action', { action: 'send' }, 'send'],
    ['${request.body.action}', { action: 'send' }, 'send'],
    ['$request.body.message.kind', { message: { kind: 'x' } }, 'x'],
    ['$request.body.list[1]', { list: ['a', 'b'] }, 'b'],
    ['${request.body.a}/${request.body.b}', { a: 'x', b: 'y' }, 'x/y'],
    ['${request.body.action}-${request.body.x}', { action: 'join' }, 'join-'],
    ['to-${request.body.action}', { action: 'send' }, 'to-send'],
    ['$request.body.action', { action: 7 }, '7'],
    ['$request.body.action', { action: true }, 'true'],
    ['$request.body.action', { action: ['item1', 'item2'] }, '[item1, item2]'],
    ['$request.body.action', { action: null }, ''],
    ['$request.body.action', {}, ''],
    ['$request.body.action', [], ''],
    ['$request.body.action', 'null', ''],
    ['$request.body.action', '"action"', ''],
    ['$request.body.constructor', {}, ''],
    ['$request.body.constructor.name', {}, ''],
    ['$request.body.__proto__', {}, ''],
    ['\\$default', {}, '$default'],
    ['${request.body.action}', { action: '${request.body.x}', x: 'no' }, '${request.body.x}'],
  ])('[DOC b1] %s of %j is %j', ([expression, body, key]) => {
    expect(select(expression, body)).toBe(key);
  });

  test.for(['hi', '', '{', "{'action':'send'}"])('[DOC b1] is not to be had from %j', (text) => {
    expect(select('$request.body.action', text)).toBeUndefined();
  });

  test('survives any nesting a message can hold', () => {
    const deep = `{"action":${'['.repeat(60_000)}${']'.repeat(60_000)}}`;
    expect(select('$request.body.action', deep)).toBe('[]');
  });

  test('never throws, whatever the expression and the message', () => {
    fc.assert(
      fc.property(fc.string(), fc.oneof(fc.string(), fc.json()), (expression, message) => {
        readRouteSelection(expression)(message);
      }),
    );
  });
});
