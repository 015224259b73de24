import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { buildSync } from 'esbuild';
import { describe, expect, test } from 'vitest';

import { VARIABLES } from '../../lambdas/environment.ts';
import { ENTRIES } from '../../lib/chat.ts';
import { ACTIONS } from '../../protocol/actions.ts';
import { chatTemplate, functionOf, readable, shortName } from './chat-template.ts';

const TYPE = 'AWS::Lambda::Function';
const chat = chatTemplate({ allowedOrigins: ['https://chat.example.com'] });
const functions = [...chat.ofType(TYPE)].map(([id, { Properties }]) => ({
  name: shortName(id),
  properties: Properties,
}));

/** Those that a stream invokes. */
const ON_STREAMS = ['Broadcast', 'Erase', 'Presence', 'Receipts'];

/** Those that others start. */
const STARTED = ['FanOut', 'Deliver'];

test('there is one function for each action, three for the rest of a socket, four on streams, two for large rooms', () => {
  const ofSockets = ['Connect', 'Disconnect', 'Unrouted'];
  const names = [...ofSockets, ...ON_STREAMS, ...STARTED, ...ACTIONS.map(functionOf)];
  expect(functions.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
  expect(names).toHaveLength(ENTRIES.length);
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
    const limit = ON_STREAMS.includes(name) ? 60 : 10;
    // Nobody waits for those that are started.
    const ofStarted = { FanOut: 900, Deliver: 60 };
    expect(properties).toMatchObject({ Timeout: { ...ofStarted }[name] ?? limit });
  });

  test('has the memory that its work needs', () => {
    const memory = {
      Broadcast: 1_769,
      Presence: 1_024,
      Receipts: 1_024,
      FanOut: 1_769,
      Deliver: 1_024,
    };
    expect(properties).toMatchObject({ MemorySize: { ...memory }[name] ?? 512 });
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

/** The code of each function with all that it uses, readable, and nothing that it does not use. */
const sources = new Map(
  buildSync({
    entryPoints: ENTRIES.map((entry) => fileURLToPath(new URL(`${entry}.ts`, LAMBDAS))),
    outdir: 'never-written',
    write: false,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
  }).outputFiles.map(({ path, text }) => [basename(path, '.js'), text]),
);

/** The names of the variables that a function reads. */
function variablesOf(name: string): readonly string[] {
  const entry = name === 'Unrouted' ? 'default' : name.replace(/\B[A-Z]/g, '-$&').toLowerCase();
  const source = sources.get(entry) ?? '';
  const read = source.matchAll(/\b(?:v|numberV)ariable\d*\("(\w+)"\)|\bVARIABLES\.(\w+)/g);
  const names = [...read].map(([, called, named]) => called ?? named ?? '');
  return [...new Set(names)].map((one) => VARIABLES[one as keyof typeof VARIABLES]);
}

test('what functions share reads the environment by the names of the stack alone', () => {
  const core = new URL('core/', LAMBDAS);
  for (const file of readdirSync(core).filter((file) => file.endsWith('.ts'))) {
    expect(readFileSync(new URL(file, core), 'utf8')).not.toContain('process.env');
  }
});

test('logs are kept as long as is asked', () => {
  const template = chatTemplate({ logRetention: RetentionDays.ONE_WEEK });
  const groups = [...template.ofType('AWS::Logs::LogGroup').values()];
  expect(groups.map(({ Properties }) => Properties['RetentionInDays'])).toEqual(
    Array(ENTRIES.length).fill(7),
  );
});
