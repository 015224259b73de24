import { readdirSync, readFileSync } from 'node:fs';

import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { describe, expect, test } from 'vitest';

import { VARIABLES } from '../../lambdas/environment.ts';
import { chatTemplate, readable, shortName } from './chat-template.ts';

const TYPE = 'AWS::Lambda::Function';
const chat = chatTemplate({ allowedOrigins: ['https://chat.example.com'] });
const functions = [...chat.ofType(TYPE)].map(([id, { Properties }]) => ({
  name: shortName(id),
  properties: Properties,
}));

test('there are seven functions', () => {
  expect(functions.map(({ name }) => name).toSorted()).toEqual([
    'Authenticate',
    'Broadcast',
    'Connect',
    'Disconnect',
    'NewMessage',
    'SelectRoom',
    'Unrouted',
  ]);
});

describe.each(functions)('$name', ({ name, properties }) => {
  test('runs on Node 24 on ARM', () => {
    expect(properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
    });
  });

  test('ends before its caller gives up', () => {
    const limit = name === 'Broadcast' ? 60 : 10;
    expect(properties).toMatchObject({ Timeout: limit });
    if (name !== 'Broadcast') expect(limit).toBeLessThan(29);
  });

  test('has the memory that its work needs', () => {
    expect(properties).toMatchObject({ MemorySize: name === 'Broadcast' ? 1_769 : 512 });
  });

  test('writes a log of its own, which is kept for a month', () => {
    const { LogGroup } = properties['LoggingConfig'] as { LogGroup: unknown };
    expect(readable(LogGroup)).toBe(`${name}Log`);
    const groups = [...chat.ofType('AWS::Logs::LogGroup')];
    const [group] = groups.filter(([id]) => shortName(id) === `${name}Log`);
    expect(group?.[1]).toMatchObject({
      DeletionPolicy: 'Delete',
      Properties: { RetentionInDays: 30 },
    });
  });

  test('says what it is for', () => {
    expect(properties['Description']).toMatch(/^Parley: \w/);
  });

  test('keeps no capacity to itself, and is in no network of ours', () => {
    for (const key of ['ReservedConcurrentExecutions', 'VpcConfig', 'Layers', 'TracingConfig']) {
      expect(properties).not.toHaveProperty(key);
    }
  });

  test('has the variables that its file reads, and no others', () => {
    const { Variables = {} } = (properties['Environment'] ?? {}) as { Variables?: object };
    expect(Object.keys(Variables).toSorted()).toEqual(variablesOf(name).toSorted());
  });
});

const LAMBDAS = new URL('../../lambdas/', import.meta.url);

/** The names of the variables that a function's file reads. */
function variablesOf(name: string): readonly string[] {
  const entry = name === 'Unrouted' ? 'default' : name.replace(/\B[A-Z]/g, '-$&').toLowerCase();
  const source = readFileSync(new URL(`${entry}.ts`, LAMBDAS), 'utf8');
  const read = source.matchAll(/\b(?:v|numberV)ariable\('(\w+)'\)|\bVARIABLES\.(\w+)/g);
  const names = [...read].map(([, called, named]) => called ?? named ?? '');
  return [...new Set(names)].map((one) => VARIABLES[one as keyof typeof VARIABLES]);
}

test('what functions share reads no variable of the stack', () => {
  const core = new URL('core/', LAMBDAS);
  for (const file of readdirSync(core).filter((file) => file.endsWith('.ts'))) {
    expect(readFileSync(new URL(file, core), 'utf8')).not.toMatch(/process\.env|environment\.ts/);
  }
});

test('logs are kept as long as is asked', () => {
  const template = chatTemplate({ logRetention: RetentionDays.ONE_WEEK });
  const groups = [...template.ofType('AWS::Logs::LogGroup').values()];
  expect(groups.map(({ Properties }) => Properties['RetentionInDays'])).toEqual(Array(7).fill(7));
});
