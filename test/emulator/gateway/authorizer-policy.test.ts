import { describe, expect, test } from 'vitest';

import { readAuthorizerAnswer } from '../../../emulator/gateway/authorizer-policy.ts';

const ARN = 'arn:aws:execute-api:us-east-1:123456789012:abcd123/prod/$connect';
const KB8 = 8192;

const statement = (
  effect: string,
  resource: unknown = ARN,
  action: unknown = 'execute-api:Invoke',
) => ({
  Effect: effect,
  Action: action,
  Resource: resource,
});
const read = (statements: unknown, more: object = {}) =>
  readAuthorizerAnswer(
    { principalId: 'ann', policyDocument: { Statement: statements }, ...more },
    ARN,
    KB8,
  );

describe("an authorizer's answer", () => {
  test.for<[name: string, statements: unknown, verdict: string]>([
    ['an Allow', [statement('Allow')], 'allow'],
    ['a single statement outside a list', statement('Allow'), 'allow'],
    [
      'wildcards',
      [statement('Allow', ['arn:aws:execute-api:*:*:abcd???/*'], ['execute-api:*'])],
      'allow',
    ],
    ['a Deny', [statement('Deny')], 'deny'],
    ['a Deny beside an Allow', [statement('Allow', '*'), statement('Deny')], 'deny'],
    ['an Allow of something else', [statement('Allow', ARN.replace('prod', 'test'))], 'deny'],
    ['an Allow of another action', [statement('Allow', '*', 's3:*')], 'deny'],
    [
      'a dot where the ARN has another character',
      [statement('Allow', ARN.replaceAll(':', '.'))],
      'deny',
    ],
    ['no statement', [], 'malformed'],
  ])('[DOC a12] with %s', ([, statements, verdict]) => {
    expect(read(statements).verdict).toBe(verdict);
  });

  test('[DOC a10] has its context as text', () => {
    expect(read([statement('Allow')], { context: { n: 1, flag: true, text: 'x' } })).toEqual({
      verdict: 'allow',
      context: { principalId: 'ann', n: '1', flag: 'true', text: 'x' },
    });
  });

  test.for<[name: string, payload: unknown]>([
    ['null', null],
    ['a text', 'Allow'],
    ['no principalId', { policyDocument: { Statement: [statement('Allow')] } }],
    ['no policy', { principalId: 'ann' }],
  ])('is malformed when it is %s', ([, payload]) => {
    expect(readAuthorizerAnswer(payload, ARN, KB8).verdict).toBe('malformed');
  });

  test('is malformed with a context value that is a list or an object', () => {
    expect(read([statement('Allow')], { context: { list: [] } }).verdict).toBe('malformed');
    expect(read([statement('Allow')], { context: { object: {} } }).verdict).toBe('malformed');
  });

  test('[DOC a13] is malformed over 8 KB', () => {
    const context = { pad: 'x'.repeat(KB8) };
    expect(read([statement('Allow')], { context }).verdict).toBe('malformed');
  });
});
