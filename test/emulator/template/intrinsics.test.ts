import { describe, expect, test } from 'vitest';

import { resolve } from '../../../emulator/template/intrinsics.ts';
import type { Scope } from '../../../emulator/template/intrinsic-scope.ts';
import { NO_VALUE, Unresolved } from '../../../emulator/template/unresolved.ts';

// A scope of a few names; what the names of a real template mean is tested with `readModel`.

const unknownName = (name: string) => new Unresolved(`no ${name}`);

const names: Readonly<Record<string, unknown>> = {
  Table: 'chat-table',
  'AWS::Region': 'eu-west-1',
  'AWS::NoValue': NO_VALUE,
  Zones: ['z1', 'z2'],
};

const scope: Scope = {
  region: 'eu-west-1',
  reference: (name) => names[name] ?? unknownName(name),
  attribute: (id, attribute) =>
    id === 'Table' ? `${attribute} of the table` : unknownName(`${id}.${attribute}`),
  condition: (name) => ({ Yes: true, No: false })[name] ?? unknownName(name),
  mapping: (name, top, second) => (name === 'Sizes' && top === 'big' ? `${second}!` : undefined),
  exported: (name) => (name === 'Shared' ? 'imported' : unknownName(name)),
  stackOutput: (stack, output, region) => `${stack}/${output}/${region}`,
  dynamicReference: (name) => (name === 'ssm:/origin' ? 'https://chat.example' : undefined),
};

const resolved = (value: unknown) => resolve(value, scope);

test.each([
  ['plain values', { a: [1, 'x', true, null] }, { a: [1, 'x', true, null] }],
  ['Ref', { Ref: 'Table' }, 'chat-table'],
  ['Fn::GetAtt as a list', { 'Fn::GetAtt': ['Table', 'Arn'] }, 'Arn of the table'],
  ['Fn::GetAtt with dots', { 'Fn::GetAtt': 'Table.Stream.Arn' }, 'Stream.Arn of the table'],
  [
    'Fn::GetAtt of a computed attribute',
    { 'Fn::GetAtt': ['Table', { Ref: 'Table' }] },
    'chat-table of the table',
  ],
  ['Fn::Join', { 'Fn::Join': ['-', ['a', { Ref: 'Table' }, 3]] }, 'a-chat-table-3'],
  ['Fn::Join of a list that is referred to', { 'Fn::Join': [',', { Ref: 'Zones' }] }, 'z1,z2'],
  [
    'Fn::Sub',
    { 'Fn::Sub': 'in ${AWS::Region}: ${Table}, ${Table.Arn}' },
    'in eu-west-1: chat-table, Arn of the table',
  ],
  [
    'Fn::Sub with variables',
    { 'Fn::Sub': ['${a}${Table}', { a: { Ref: 'Table' }, Table: 'own' }] },
    'chat-tableown',
  ],
  ['Fn::Sub with a literal', { 'Fn::Sub': '${!Table} is ${Table}' }, '${Table} is chat-table'],
  [
    'Fn::Sub with $ and $& around',
    { 'Fn::Sub': '$5 $& $request.body ${Table}' },
    '$5 $& $request.body chat-table',
  ],
  ['Fn::Select', { 'Fn::Select': [1, ['a', 'b']] }, 'b'],
  ['Fn::Select with an index in a string', { 'Fn::Select': ['0', { Ref: 'Zones' }] }, 'z1'],
  ['Fn::Split', { 'Fn::Select': [2, { 'Fn::Split': ['/', 'a/b/c'] }] }, 'c'],
  ['Fn::If, first', { 'Fn::If': ['Yes', 'a', { Ref: 'Nobody' }] }, 'a'],
  ['Fn::If, second', { 'Fn::If': ['No', { Ref: 'Nobody' }, 'b'] }, 'b'],
  ['Fn::FindInMap', { 'Fn::FindInMap': ['Sizes', 'big', 'queue'] }, 'queue!'],
  [
    'Fn::FindInMap with a default',
    { 'Fn::FindInMap': ['Sizes', 'small', 'q', { DefaultValue: 7 }] },
    7,
  ],
  ['Fn::ImportValue', { 'Fn::ImportValue': { 'Fn::Sub': 'Shared' } }, 'imported'],
  [
    'Fn::GetStackOutput',
    { 'Fn::GetStackOutput': { StackName: 'S', OutputName: 'O' } },
    'S/O/eu-west-1',
  ],
  ['Fn::GetAZs', { 'Fn::GetAZs': '' }, ['eu-west-1a', 'eu-west-1b', 'eu-west-1c']],
  ['Fn::Base64', { 'Fn::Base64': { Ref: 'Table' } }, 'Y2hhdC10YWJsZQ=='],
  ['Fn::Length', { 'Fn::Length': { Ref: 'Zones' } }, 2],
  ['Fn::ToJsonString', { 'Fn::ToJsonString': { t: { Ref: 'Table' } } }, '{"t":"chat-table"}'],
  ['Fn::Equals', { 'Fn::Equals': [{ Ref: 'Table' }, 'chat-table'] }, true],
  ['Fn::And', { 'Fn::And': [{ Condition: 'Yes' }, { Condition: 'No' }] }, false],
  ['Fn::Or', { 'Fn::Or': [{ Condition: 'Yes' }, { Condition: 'No' }] }, true],
  ['Fn::Not', { 'Fn::Not': [{ 'Fn::Equals': ['a', 'b'] }] }, true],
  [
    'a Condition of a policy',
    { Condition: { Bool: { x: 'true' } } },
    { Condition: { Bool: { x: 'true' } } },
  ],
  [
    'an object that only looks like a function',
    { Ref: 'Table', more: 1 },
    { Ref: 'Table', more: 1 },
  ],
  ['a property without value', { a: { Ref: 'AWS::NoValue' }, b: 1 }, { b: 1 }],
  ['an element without value', [{ 'Fn::If': ['No', 1, { Ref: 'AWS::NoValue' }] }, 2], [2]],
  ['a dynamic reference', { url: '{{resolve:ssm:/origin}}/x' }, { url: 'https://chat.example/x' }],
  [
    'a dynamic reference in pieces',
    { 'Fn::Join': ['', ['{{resolve:ssm:', '/origin', '}}']] },
    'https://chat.example',
  ],
])('resolves %s', (_title, value, expected) => {
  expect(resolved(value)).toEqual(expected);
});

describe('a value that nobody can resolve', () => {
  test.each([
    ['an unknown name', { Ref: 'Nobody' }, 'no Nobody'],
    ['an unknown attribute', { 'Fn::GetAtt': 'Nobody.Arn' }, 'no Nobody.Arn'],
    ['an unknown name in a text', { 'Fn::Sub': '${Table} ${Nobody}' }, 'no Nobody'],
    ['an unknown condition', { 'Fn::If': ['Perhaps', 1, 2] }, 'no Perhaps'],
    [
      'an unknown entry of a mapping',
      { 'Fn::FindInMap': ['Sizes', 'small', 'q'] },
      'the mapping Sizes has no entry small, q',
    ],
    ['an unknown export', { 'Fn::ImportValue': 'Secret' }, 'no Secret'],
    ['an index outside of a list', { 'Fn::Select': [2, ['a']] }, 'Fn::Select finds nothing at 2'],
    ['an unsupported function', { 'Fn::Cidr': ['10.0.0.0/16', 1] }, 'Fn::Cidr is not supported'],
    ['a malformed Fn::Join', { 'Fn::Join': 'ab' }, 'Fn::Join is malformed'],
    ['a malformed Fn::If', { 'Fn::If': ['Yes'] }, 'Fn::If is malformed'],
    ['a malformed Ref', { Ref: 7 }, 'Ref is malformed'],
    ['a name of Object itself', { 'Fn::constructor': [] }, 'Fn::constructor is not supported'],
    [
      'a dynamic reference without value',
      '{{resolve:ssm:/other}}',
      '{{resolve:ssm:/other}} needs a value under the name ssm:/other',
    ],
  ])('tells why: %s', (_title, value, reason) => {
    expect(resolved(value)).toEqual(new Unresolved(reason));
  });

  test('spoils all that holds it', () => {
    const bad = { Ref: 'Nobody' };
    for (const value of [{ a: { b: [1, bad] } }, { 'Fn::Join': ['', ['a', bad]] }]) {
      expect(resolved(value)).toEqual(new Unresolved('no Nobody'));
    }
  });
});
