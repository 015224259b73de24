import { describe, expect, test } from 'vitest';

import { authorize } from '../../../emulator/iam/authorize.ts';
import { matchesPattern } from '../../../emulator/iam/pattern.ts';
import type { PolicyStatement, Role } from '../../../emulator/model.ts';

const tableArn = 'arn:aws:dynamodb:eu-west-1:123456789012:table/Rooms';

function statement(changes: Partial<PolicyStatement>): PolicyStatement {
  return {
    effect: 'Allow',
    actions: [],
    notActions: [],
    resources: [],
    notResources: [],
    conditions: {},
    ...changes,
  };
}

function judge(
  statements: readonly Partial<PolicyStatement>[],
  action = 'dynamodb:PutItem',
  resource = tableArn,
  context: Readonly<Record<string, readonly string[]>> = {},
  managedPolicies: readonly string[] = [],
) {
  const role: Role = {
    arn: 'arn:aws:iam::123456789012:role/WriterRole',
    name: 'WriterRole',
    statements: statements.map(statement),
    managedPolicies,
  };
  return authorize({ kind: 'role', role, functionName: 'writer' }, action, resource, context);
}

/** A condition key that calls carry. */
const KEY = 'dynamodb:LeadingKeys';

const put = { actions: ['dynamodb:PutItem'], resources: [tableArn] };

describe('authorize', () => {
  test('allows the administrator everything', () => {
    expect(authorize({ kind: 'administrator' }, 'sqs:Any', 'arn:any')).toEqual({ allowed: true });
  });

  test('[DOC r1] refuses what nothing allows, in the sentence of AWS and with the grant that is missing', () => {
    expect(judge([])).toEqual({
      allowed: false,
      message:
        'User: arn:aws:sts::123456789012:assumed-role/WriterRole/writer is not authorized to perform: ' +
        `dynamodb:PutItem on resource: ${tableArn} because no identity-based policy allows the ` +
        'dynamodb:PutItem action',
      hint: "table.grant(fn, 'dynamodb:PutItem') or table.grantWriteData(fn)",
    });
  });

  test('[DOC r2] lets an explicit Deny win over any Allow', () => {
    const verdict = judge([put, { ...put, effect: 'Deny' }]);
    expect(verdict).toMatchObject({
      allowed: false,
      message: expect.stringMatching(/ with an explicit deny in an identity-based policy$/),
    });
  });

  test.each<[boolean, string, Partial<PolicyStatement>]>([
    [true, 'the very action and resource', put],
    [true, 'an action in another case', { ...put, actions: ['DynamoDB:putitem'] }],
    [true, 'a star in the action', { ...put, actions: ['dynamodb:Put*'] }],
    [true, 'a question mark in the action', { ...put, actions: ['dynamodb:PutIte?'] }],
    [true, 'a star for everything', { actions: ['*'], resources: ['*'] }],
    [true, 'one of several', { actions: ['sqs:*', 'dynamodb:*'], resources: ['arn:x', tableArn] }],
    [true, 'a NotAction that names others', { notActions: ['dynamodb:Get*'], resources: ['*'] }],
    [true, 'a NotResource that names others', { actions: ['*'], notResources: [`${tableArn}/*`] }],
    [false, 'another action', { ...put, actions: ['dynamodb:GetItem'] }],
    [false, 'another resource', { ...put, resources: [`${tableArn}s`] }],
    [false, 'the resource in another case', { ...put, resources: [tableArn.toLowerCase()] }],
    [false, 'only the indexes of the table', { ...put, resources: [`${tableArn}/index/*`] }],
    [false, 'a NotAction that names it', { notActions: ['dynamodb:Put*'], resources: ['*'] }],
    [false, 'a NotResource that names it', { actions: ['*'], notResources: [tableArn] }],
  ])('[DOC r3] answers %s for %s', (allowed, _, changes) => {
    expect(judge([changes]).allowed).toBe(allowed);
  });

  test.each<[boolean, string, Record<string, string[]>, readonly string[] | undefined]>([
    [true, 'StringEquals', { [KEY]: ['a', 'b'] }, ['b']],
    [false, 'StringEquals', { [KEY]: ['a'] }, ['A']],
    [false, 'StringEquals', { [KEY]: ['a'] }, undefined],
    [true, 'StringEqualsIgnoreCase', { [KEY]: ['a'] }, ['A']],
    [true, 'StringEqualsIfExists', { [KEY]: ['a'] }, undefined],
    [false, 'StringEqualsIfExists', { [KEY]: ['a'] }, ['b']],
    [true, 'StringNotEquals', { [KEY]: ['a'] }, ['b']],
    [true, 'StringNotEquals', { [KEY]: ['a'] }, undefined],
    [false, 'StringNotEquals', { [KEY]: ['a', 'b'] }, ['b']],
    [true, 'StringLike', { [KEY.toUpperCase()]: ['room#*'] }, ['room#1']],
    [false, 'StringLike', { [KEY]: ['room#?'] }, ['room#12']],
    [false, 'StringNotLike', { [KEY]: ['room#*'] }, ['room#1']],
    [true, 'ArnEquals', { [KEY]: ['arn:aws:sqs:*:q'] }, ['arn:aws:sqs:r:a:q']],
    [true, 'ArnLike', { [KEY]: ['arn:aws:sqs:*'] }, ['arn:aws:sqs:r:a:q']],
    [false, 'ArnNotLike', { [KEY]: ['arn:aws:sqs:*'] }, ['arn:aws:sqs:r:a:q']],
    [true, 'Bool', { [KEY]: ['true'] }, ['True']],
    [false, 'Bool', { [KEY]: ['false'] }, undefined],
    [true, 'ForAllValues:StringEquals', { [KEY]: ['a', 'b'] }, ['a', 'b']],
    [false, 'ForAllValues:StringEquals', { [KEY]: ['a'] }, ['a', 'b']],
    [true, 'ForAllValues:StringEquals', { [KEY]: ['a'] }, undefined],
    [true, 'ForAnyValue:StringLike', { [KEY]: ['a*'] }, ['b', 'ab']],
    [false, 'ForAnyValue:StringLike', { [KEY]: ['a*'] }, ['b']],
    [false, 'ForAnyValue:StringLike', { [KEY]: ['a*'] }, undefined],
    [false, 'NumericLessThan', { [KEY]: ['5'] }, ['4']],
    [false, 'StringSomething', { [KEY]: ['a'] }, ['a']],
    [true, 'Null', { [KEY]: ['true'] }, undefined],
    [false, 'Null', { [KEY]: ['true'] }, ['a']],
    [true, 'Null', { [KEY]: ['false'] }, ['a']],
    [true, 'Bool', { 'aws:SecureTransport': ['true'] }, undefined],
    [true, 'StringEquals', { 'aws:PrincipalAccount': ['123456789012'] }, undefined],
    [true, 'ArnLike', { 'aws:PrincipalArn': ['arn:aws:iam::*:role/Writer*'] }, undefined],
    [false, 'ArnLike', { 'aws:SourceArn': ['arn:aws:sns:*'] }, undefined],
    [false, 'StringNotEquals', { 'aws:PrincipalOrgID': ['o-1'] }, undefined],
  ])('[DOC r4] answers %s for %s %j when the call has %j', (allowed, operator, keys, values) => {
    const context = values && { [KEY]: values };
    const conditions = { [operator]: keys };
    expect(judge([{ ...put, conditions }], undefined, undefined, context).allowed).toBe(allowed);
  });

  test('[DOC r4] needs every condition of a statement', () => {
    const conditions = {
      StringEquals: { [KEY]: ['1'], 'dynamodb:Select': ['2'] },
      Bool: { 'dynamodb:FullTableScan': ['true'] },
    };
    const allowed = (context: Record<string, string[]>) =>
      judge([{ ...put, conditions }], undefined, undefined, context).allowed;
    const told = (key: string, select: string, scan: string) => ({
      [KEY]: [key],
      'dynamodb:Select': [select],
      'dynamodb:FullTableScan': [scan],
    });
    expect(allowed(told('1', '2', 'true'))).toBe(true);
    expect(allowed(told('1', '2', 'false'))).toBe(false);
    expect(allowed({ [KEY]: ['1'] })).toBe(false);
  });

  test('denies by a Deny whose operator it does not know, unless another condition fails', () => {
    const unknown = { NumericLessThan: { [KEY]: ['5'] } };
    expect(judge([put, { ...put, effect: 'Deny', conditions: unknown }]).allowed).toBe(false);
    const failing = { ...unknown, StringEquals: { [KEY]: ['x'] } };
    expect(judge([put, { ...put, effect: 'Deny', conditions: failing }]).allowed).toBe(true);
  });

  test.each([
    [true, 'arn:aws:iam::aws:policy/AdministratorAccess'],
    [true, 'arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess'],
    [false, 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
  ])('answers %s for the managed policy %s', (allowed, policy) => {
    expect(judge([], undefined, undefined, undefined, [policy]).allowed).toBe(allowed);
  });

  test.each([
    ['execute-api:ManageConnections', 'arn:aws:execute-api:r:a:api/prod/POST/@connections/x'],
    ['sqs:SendMessage', 'arn:aws:sqs:r:a:q'],
    ['sqs:PurgeQueue', 'arn:aws:sqs:r:a:q'],
    ['sqs:ReceiveMessage', 'arn:aws:sqs:r:a:q'],
    ['sqs:TagQueue', 'arn:aws:sqs:r:a:q'],
    ['dynamodb:Query', `${tableArn}/index/ByUser`],
    ['dynamodb:DescribeTable', tableArn],
    ['dynamodb:ListStreams', '*'],
    ['logs:CreateLogStream', 'arn:aws:logs:r:a:log-group:g:log-stream:s'],
    ['lambda:InvokeFunction', 'arn:aws:lambda:r:a:function:other'],
    ['dynamodb:GetRecords', `${tableArn}/stream/label`],
    ['events:PutEvents', 'arn:aws:events:r:a:event-bus/default'],
    ['kms:Decrypt', 'arn:key'],
  ])('names the grant for %s', (action, resource) => {
    const verdict = judge([], action, resource);
    expect(verdict.allowed ? '' : verdict.hint).toBe(
      {
        'execute-api:ManageConnections': 'stage.grantManagementApiAccess(fn)',
        'sqs:SendMessage': 'queue.grantSendMessages(fn)',
        'sqs:PurgeQueue': 'queue.grantPurge(fn)',
        'sqs:ReceiveMessage': 'queue.grantConsumeMessages(fn)',
        'sqs:TagQueue': "queue.grant(fn, 'sqs:TagQueue')",
        'dynamodb:Query': "table.grant(fn, 'dynamodb:Query') or table.grantReadData(fn)",
        'dynamodb:DescribeTable': "table.grant(fn, 'dynamodb:DescribeTable')",
        'dynamodb:ListStreams': 'table.grantStreamRead(fn)',
        'logs:CreateLogStream': 'logGroup.grantWrite(fn)',
        'lambda:InvokeFunction': 'invoked.grantInvoke(fn)',
        'dynamodb:GetRecords': 'table.grantStreamRead(fn)',
        'events:PutEvents': 'bus.grantPutEventsTo(fn)',
        'kms:Decrypt':
          "fn.addToRolePolicy(new PolicyStatement({ actions: ['kms:Decrypt'], resources: ['arn:key'] }))",
      }[action],
    );
  });
});

describe('matchesPattern', () => {
  test.each([
    [true, '*', ''],
    [true, 'a*c*', 'abcbc'],
    [true, 'a*bc', 'abcabc'],
    [true, '??', 'ab'],
    [true, 'arn:x:api/*$connect', 'arn:x:api/prod/$connect'],
    [true, 'a.c', 'a.c'],
    [false, 'a.c', 'abc'],
    [false, '', 'a'],
    [false, '?', ''],
    [false, 'a*b', 'a*c'],
    [false, '*ab', 'abx'],
  ])('answers %s for %j and %j', (matches, pattern, text) => {
    expect(matchesPattern(pattern, text)).toBe(matches);
  });

  test('stays quick with many stars', () => {
    expect(matchesPattern(`${'a*'.repeat(50)}b`, 'a'.repeat(10_000))).toBe(false);
  });
});
