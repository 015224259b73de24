import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { describe, expect, test } from 'vitest';

import { AssemblyError, readAssembly } from '../../../../emulator/template/assembly.ts';
import { readModel } from '../../../../emulator/template/template.ts';
import {
  emptyFunction,
  modelOf,
  modelOfTemplate,
  scratchDirectory,
  synthesize,
  writeFiles,
} from '../../../support/templates.ts';

const lambdaFunction = (scope: Stack, props: Partial<lambda.FunctionProps> = {}) =>
  new lambda.Function(scope, 'Fn', {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromAsset(emptyFunction()),
    ...props,
  });

const modelOfFunction = (props: Partial<lambda.FunctionProps>) =>
  modelOf((app) => lambdaFunction(new Stack(app, 'Chat'), props));

const role = { Type: 'AWS::IAM::Role', Properties: {} };

const handWrittenFunction = (properties: object) =>
  modelOfTemplate({
    Resources: {
      Role: role,
      Fn: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Code: { ZipFile: 'x' },
          Handler: 'index.handler',
          Runtime: 'nodejs24.x',
          Role: { 'Fn::GetAtt': 'Role.Arn' },
          ...properties,
        },
      },
    },
  });

describe('the code of a function', () => {
  test('is the directory of its asset', () => {
    const directory = synthesize((app) => lambdaFunction(new Stack(app, 'Chat')));
    const [fn] = readModel(readAssembly(directory)).functions;
    expect(fn?.codeDirectory.startsWith(join(directory, 'asset.'))).toBe(true);
    expect(fn).not.toHaveProperty('inlineCode');
  });

  test('that is gone is an error which names the function', () => {
    const directory = synthesize((app) => lambdaFunction(new Stack(app, 'Chat')));
    const [fn] = readModel(readAssembly(directory)).functions;
    rmSync(fn?.codeDirectory ?? '', { recursive: true });
    const read = () => readModel(readAssembly(directory));
    expect(read).toThrow(AssemblyError);
    expect(read).toThrow('the code of Chat/Fn/Resource is missing: run cdk synth again');
  });

  test.each([
    ['CommonJS', 'exports.handler = async () => {}', 'index.js', '{"type":"commonjs"}\n'],
    ['an ES module', 'export const handler = async () => {}', 'index.mjs', undefined],
  ])('written in the template may be %s', (_title, source, file, manifest) => {
    const directory = synthesize((app) =>
      lambdaFunction(new Stack(app, 'Chat'), { code: lambda.Code.fromInline(source) }),
    );
    const [fn] = readModel(readAssembly(directory), { workDirectory: '/work' }).functions;
    expect(fn?.codeDirectory).toBe(join('/work', fn?.name ?? ''));
    expect(fn?.inlineCode).toEqual({
      [file]: source,
      ...(manifest === undefined ? {} : { 'package.json': manifest }),
    });
  });

  test('written in the template goes below the assembly when nothing else is said', () => {
    const { functions } = handWrittenFunction({});
    expect(functions[0]?.codeDirectory).toMatch(/\.emulator.Hand-Fn$/);
  });
});

describe('a function that is not run', () => {
  test.each([
    ['not Node.js', { Runtime: 'python3.13' }, 'the runtime python3.13 is not Node.js'],
    ['an image', { Code: { ImageUri: 'x' } }, 'container images are not run'],
    [
      'in a bucket',
      { Code: { S3Bucket: 'b', S3Key: 'k.zip' } },
      'its code k.zip is not an asset of the assembly',
    ],
    ['without role', { Role: { Ref: 'AWS::NoValue' } }, expect.stringMatching(/^Role: /)],
    ['of an impossible time-out', { Timeout: 'long' }, expect.stringMatching(/^Timeout: /)],
  ])('is named with the reason: %s', (_title, properties, reason) => {
    expect(handWrittenFunction(properties)).toMatchObject({
      functions: [],
      unsupported: [{ type: 'AWS::Lambda::Function', path: 'Fn', reason }],
    });
  });

  test('is named with the reason: a zip file', () => {
    const directory = scratchDirectory();
    writeFiles(directory, { 'code.zip': 'PK' });
    const model = modelOfFunction({ code: lambda.Code.fromAsset(join(directory, 'code.zip')) });
    expect(model).toMatchObject({
      functions: [],
      unsupported: [{ reason: expect.stringMatching(/\.zip is not a directory$/) }],
    });
  });
});

describe('a function that is run', () => {
  test.each([
    ['arm64', { architecture: lambda.Architecture.ARM_64 }],
    ['x86_64', { architecture: lambda.Architecture.X86_64 }],
    ['x86_64', {}],
  ])('[DOC m5] is billed as %s when %o', (architecture, props) => {
    expect(modelOfFunction(props).functions).toMatchObject([{ architecture }]);
  });

  test('is named all the same when it has layers', () => {
    const layer = 'arn:aws:lambda:us-east-1:000000000000:layer:tools:1';
    const model = handWrittenFunction({ Layers: [layer] });
    expect(model.functions).toHaveLength(1);
    expect(model.unsupported).toMatchObject([{ path: 'Fn', reason: 'it runs without its layers' }]);
  });

  test('is named all the same when its role is elsewhere, and has the rights given here', () => {
    const model = modelOf((app) => {
      const stack = new Stack(app, 'Chat');
      const role = iam.Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::000000000000:role/theirs');
      const fn = lambdaFunction(stack, { role });
      fn.addToRolePolicy(new iam.PolicyStatement({ actions: ['sqs:*'], resources: ['*'] }));
    });
    expect(model.functions[0]?.role).toMatchObject({
      name: 'theirs',
      statements: [{ actions: ['sqs:*'] }],
    });
    expect(model.unsupported).toMatchObject([
      { path: 'Chat/Fn/Resource', reason: expect.stringContaining('role/theirs is not in') },
    ]);
  });

  test('takes numbers and flags as CloudFormation does, in strings too', () => {
    const properties = { Timeout: '12', Environment: { Variables: { PORT: 8080, ON: true } } };
    expect(handWrittenFunction(properties).functions[0]).toMatchObject({
      timeoutSeconds: 12,
      environment: { PORT: '8080', ON: 'true' },
    });
  });

  test('keeps the name it is given', () => {
    expect(modelOfFunction({ functionName: 'say' }).functions[0]).toMatchObject({
      name: 'say',
      arn: 'arn:aws:lambda:us-east-1:000000000000:function:say',
    });
  });
});

test('versions and aliases are the function itself', () => {
  const model = modelOf((app) => {
    const stack = new Stack(app, 'Chat');
    const fn = lambdaFunction(stack);
    const caller = new lambda.Function(stack, 'Caller', {
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: lambda.Code.fromAsset(emptyFunction()),
      environment: { VERSION: fn.currentVersion.functionArn },
    });
    const alias = fn.addAlias('live');
    alias.grantInvoke(caller);
    alias.grantInvoke(new iam.ServicePrincipal('apigateway.amazonaws.com'));
  });
  const [fn, caller] = model.functions;
  expect(model.unsupported).toEqual([]);
  expect(caller?.environment).toEqual({ VERSION: fn?.arn });
  expect(caller?.role.statements[0]?.resources).toContain(fn?.arn);
  expect(model.permissions).toMatchObject([{ functionArn: fn?.arn }]);
});

test.each([0, 901])('[DOC g15] AWS refuses a function with a time-out of %i seconds', (seconds) => {
  const { functions, unsupported } = handWrittenFunction({ Timeout: seconds });
  expect(functions).toEqual([]);
  expect(unsupported[0]?.reason).toBe(
    `Timeout is ${seconds}, and must be a whole number from 1 to 900`,
  );
});
