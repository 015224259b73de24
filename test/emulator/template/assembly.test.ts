import { join } from 'node:path';
import { rmSync } from 'node:fs';

import { NestedStack, Stack, Stage } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { describe, expect, test } from 'vitest';

import { AssemblyError, readAssembly } from '../../../emulator/template/assembly.ts';
import {
  emptyFunction,
  handWritten,
  scratchDirectory,
  synthesize,
  writeFiles,
} from '../../support/templates.ts';

// What the CDK of this repository really writes is read back; what it would never write is by hand.

function addFunction(stack: Stack): lambda.Function {
  return new lambda.Function(stack, 'Handler', {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromAsset(emptyFunction()),
  });
}

describe('an assembly of the CDK', () => {
  test('[EXP i] names its stacks, their templates and nothing of a place that is not fixed', () => {
    const directory = synthesize((app) => new sqs.Queue(new Stack(app, 'Chat'), 'Dead'));
    const { stacks } = readAssembly(directory);
    expect(stacks.map(({ name }) => name)).toEqual(['Chat']);
    expect(stacks[0]).not.toHaveProperty('region');
    expect(stacks[0]).not.toHaveProperty('account');
    expect(Object.values(stacks[0]?.template.Resources ?? {}).map(({ Type }) => Type)).toEqual([
      'AWS::SQS::Queue',
    ]);
  });

  test('[EXP i] gives the assets by their object keys, as absolute directories', () => {
    const directory = synthesize((app) => addFunction(new Stack(app, 'Chat')));
    const { stacks, assets } = readAssembly(directory);
    const code = Object.values(stacks[0]?.template.Resources ?? {}).find(
      ({ Type }) => Type === 'AWS::Lambda::Function',
    )?.Properties['Code'];
    const key = Object(code).S3Key;
    expect(assets.get(key)).toEqual({
      path: join(directory, `asset.${key.replace('.zip', '')}`),
      kind: 'directory',
    });
  });

  test('[EXP i] tells where each resource stands in the construct tree', () => {
    const directory = synthesize((app) => addFunction(new Stack(app, 'Chat')));
    expect([...(readAssembly(directory).stacks[0]?.paths.values() ?? [])]).toContain(
      'Chat/Handler/ServiceRole/Resource',
    );
  });

  test('includes the stacks of stages, with their names, places and assets', () => {
    const directory = synthesize((app) => {
      const env = { account: '123456789012', region: 'eu-west-1' };
      addFunction(new Stack(new Stage(app, 'Beta', { env }), 'Chat'));
    });
    const { stacks, assets } = readAssembly(directory);
    expect(stacks).toMatchObject([
      { name: 'Beta-Chat', account: '123456789012', region: 'eu-west-1' },
    ]);
    expect([...(stacks[0]?.paths.values() ?? [])]).toContain('Beta/Chat/Handler/Resource');
    expect([...assets.values()].filter(({ kind }) => kind === 'directory')).toHaveLength(1);
  });

  test('does not take the paths of a nested stack for those of the stack around it', () => {
    const directory = synthesize((app) => {
      const chat = new Stack(app, 'Chat');
      // Both get the same logical id, since it is counted from the nearest stack.
      new sqs.Queue(new NestedStack(chat, 'Inner'), 'Dead');
      new sqs.Queue(chat, 'Dead');
    });
    const paths = [...(readAssembly(directory).stacks[0]?.paths.values() ?? [])];
    expect(paths).toContain('Chat/Dead/Resource');
    expect(paths).not.toContain('Chat/Inner/Dead/Resource');
  });
});

describe('construct paths of older assemblies', () => {
  const template = {
    Resources: {
      ByTemplate: { Type: 'T', Metadata: { 'aws:cdk:path': 'Old/ByTemplate/Resource' } },
      ByManifest: { Type: 'T' },
      Neither: { Type: 'T' },
    },
  };

  test('come from the manifest or from the template', () => {
    const directory = scratchDirectory();
    const metadata = { '/Old/ByManifest': [{ type: 'aws:cdk:logicalId', data: 'ByManifest' }] };
    writeFiles(directory, {
      'manifest.json': {
        artifacts: {
          Old: {
            type: 'aws:cloudformation:stack',
            properties: { templateFile: 'old.json' },
            metadata,
          },
        },
      },
      'old.json': template,
    });
    expect(Object.fromEntries(readAssembly(directory).stacks[0]?.paths ?? [])).toEqual({
      ByTemplate: 'Old/ByTemplate/Resource',
      ByManifest: 'Old/ByManifest',
    });
  });

  test('are missing without harm', () => {
    expect([...(handWritten({ Bare: { Resources: {} } }).stacks[0]?.paths ?? [])]).toEqual([]);
  });
});

describe('an assembly that cannot be read', () => {
  const stack = { type: 'aws:cloudformation:stack', properties: { templateFile: 'S.json' } };
  const assets = { type: 'cdk:asset-manifest', properties: { file: 'S.assets.json' } };
  const stage = { type: 'cdk:cloud-assembly', properties: { directoryName: 'stage' } };

  test.each([
    ['has no manifest', {}, /^there is no cloud assembly in (.*): run cdk synth first$/],
    ['has a broken manifest', { 'manifest.json': '{' }, /manifest\.json is not JSON: /],
    [
      'has a manifest of something else',
      { 'manifest.json': { artifacts: { S: { type: 7 } } } },
      /manifest\.json is malformed: artifacts\.S\.type: /,
    ],
    [
      'lacks a template',
      { 'manifest.json': { artifacts: { S: stack } } },
      /S\.json is missing from the cloud assembly: run cdk synth again$/,
    ],
    [
      'has a broken template',
      { 'manifest.json': { artifacts: { S: stack } }, 'S.json': 'Resources:\n  - yaml' },
      /S\.json is not JSON: /,
    ],
    [
      'has a template of something else',
      { 'manifest.json': { artifacts: { S: stack } }, 'S.json': { Resources: { Q: {} } } },
      /S\.json is malformed: Resources\.Q\.Type: /,
    ],
    [
      'lacks an asset manifest',
      { 'manifest.json': { artifacts: { A: assets } } },
      /S\.assets\.json is missing from the cloud assembly: run cdk synth again$/,
    ],
    [
      'lacks the assembly of a stage',
      { 'manifest.json': { artifacts: { A: stage } } },
      /^there is no cloud assembly in .*stage: run cdk synth first$/,
    ],
  ])('says so in one line when it %s', (_title, files, message) => {
    const directory = scratchDirectory();
    writeFiles(directory, files);
    const read = () => readAssembly(directory);
    expect(read).toThrow(AssemblyError);
    expect(read).toThrow(message);
    expect(read).not.toThrow(/\n/);
  });

  test('says so when there is no such directory', () => {
    expect(() => readAssembly('nowhere/cdk.out')).toThrow(
      'there is no cloud assembly in nowhere/cdk.out: run cdk synth first',
    );
  });

  test('is still read when code that it names is gone, which is marked as missing', () => {
    const directory = synthesize((app) => addFunction(new Stack(app, 'Chat')));
    const asset = [...readAssembly(directory).assets.values()].find(
      ({ kind }) => kind === 'directory',
    );
    rmSync(asset?.path ?? '', { recursive: true });
    expect([...readAssembly(directory).assets.values()]).toContainEqual({
      path: asset?.path,
      kind: 'missing',
    });
  });
});
