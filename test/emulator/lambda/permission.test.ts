import { describe, expect, test } from 'vitest';

import { functionName } from '../../../emulator/lambda/function-name.ts';
import { permits } from '../../../emulator/lambda/permission.ts';
import type { Permission } from '../../../emulator/model.ts';
import { functionResource } from './functions-under-test.ts';

const fn = functionResource();
const api = 'arn:aws:execute-api:eu-west-1:123456789012:api';
const given: Permission = {
  functionArn: fn.arn,
  action: 'lambda:InvokeFunction',
  principal: 'apigateway.amazonaws.com',
  sourceArn: `${api}/*$connect`,
};
const caller = { service: 'apigateway.amazonaws.com', sourceArn: `${api}/prod/$connect` };

describe('permits', () => {
  test.each<[boolean, string, Partial<Permission>]>([
    [true, '[EXP i] of CDK, with the star over stage and slash', {}],
    [true, 'by the name of the function', { functionArn: 'fn' }],
    [true, 'with every action', { action: 'lambda:*' }],
    [true, 'of the very source', { sourceArn: caller.sourceArn }],
    [false, 'of another route', { sourceArn: `${api}/*send` }],
    [false, 'of another stage', { sourceArn: `${api}/dev/$connect` }],
    [false, 'of another API', { sourceArn: `${api}2/*$connect` }],
    [false, 'for another function', { functionArn: `${fn.arn}2` }],
    [false, 'for another service', { principal: 'sqs.amazonaws.com' }],
    [false, 'with another action', { action: 'lambda:GetFunction' }],
  ])('answers %s to a permission %s', (allowed, _, changes) => {
    expect(permits([{ ...given, ...changes }], fn, caller)).toBe(allowed);
  });

  test('needs no source where the permission names none', () => {
    const { sourceArn: _, ...anySource } = given;
    expect(permits([anySource], fn, caller)).toBe(true);
    expect(permits([], fn, caller)).toBe(false);
  });
});

test.each(['fn', 'fn:live', 'a:function:fn', fn.arn, `${fn.arn}:$LATEST`])(
  'functionName finds the name in %s',
  (name) => {
    expect(functionName(name)).toBe('fn');
  },
);
