import { join } from 'node:path';

import * as v from 'valibot';

import { AssemblyError } from '../assembly-files.ts';
import { arnIn } from '../environment.ts';
import type { FunctionResource } from '../../model.ts';
import { outside } from '../../range.ts';
import { functionArn } from './function-arn.ts';
import { number, text } from './properties.ts';
import { obstacleToQueue } from './queue.ts';
import { notRun, resourceType } from './resource-type.ts';
import type { Cloud, Contribution, ResolvedResource } from './resource-type.ts';
import { findRole, roleOf } from './role.ts';

/**
 * `AWS::Lambda::Function`, and its versions and aliases, which all mean `$LATEST` here. Functions run
 * when they are written for Node.js and their code is a directory of the assembly or stands in the
 * template; layers, file systems, networks and tracing are not copied.
 */
const MAX_FUNCTION_NAME = 64;
const DEFAULT_TIMEOUT_SECONDS = 3;
const DEFAULT_MEMORY_MB = 128;
const MAX_TIMEOUT_SECONDS = 900;

const properties = v.object({
  Code: v.object({
    S3Key: v.optional(text),
    ZipFile: v.optional(text),
    ImageUri: v.optional(v.unknown()),
  }),
  Handler: v.optional(text, ''),
  Runtime: v.optional(text, ''),
  Role: text,
  Timeout: v.optional(number, DEFAULT_TIMEOUT_SECONDS),
  MemorySize: v.optional(number, DEFAULT_MEMORY_MB),
  Environment: v.optional(v.object({ Variables: v.optional(v.record(v.string(), text), {}) }), {}),
  ReservedConcurrentExecutions: v.optional(number),
  LoggingConfig: v.optional(v.object({ LogGroup: v.optional(text) }), {}),
  Layers: v.optional(v.array(text), []),
  DeadLetterConfig: v.optional(v.object({ TargetArn: v.optional(text) }), {}),
  Architectures: v.optional(v.array(v.picklist(['arm64', 'x86_64'])), []),
});

type LambdaFunction = ResolvedResource<v.InferOutput<typeof properties>>;

export const lambdaFunction = resourceType({
  type: 'AWS::Lambda::Function',
  properties,
  name: { property: 'FunctionName', limit: MAX_FUNCTION_NAME },
  identify: ({ name, environment }) => ({
    ref: name,
    attributes: { Arn: functionArn(name, environment) },
  }),
  read(resource, cloud) {
    const obstacle = obstacleTo(resource, cloud);
    if (obstacle !== undefined) return notRun(resource, obstacle);
    return { functions: [readFunction(resource, cloud)], ...reservations(resource, cloud) };
  },
});

/** What keeps a function from being run; undefined when nothing does. */
export function obstacleTo({ properties }: LambdaFunction, cloud: Cloud): string | undefined {
  const { Code, Runtime, Timeout } = properties;
  if (Code.ImageUri !== undefined) return 'container images are not run';
  if (!Runtime.startsWith('nodejs')) return `the runtime ${Runtime || '(none)'} is not Node.js`;
  const refusal = outside('Timeout', Timeout, 1, MAX_TIMEOUT_SECONDS);
  if (refusal !== undefined) return refusal;
  if (Code.ZipFile !== undefined) return undefined;
  const asset = cloud.assets.get(Code.S3Key ?? '');
  if (asset === undefined) return `its code ${Code.S3Key ?? ''} is not an asset of the assembly`;
  return asset.kind === 'file' ? `its code ${asset.path} is not a directory` : undefined;
}

/** What a function asks for that it does not get, though it runs. */
function reservations(resource: LambdaFunction, cloud: Cloud): Contribution {
  const { Layers, Role } = resource.properties;
  const { target, obstacle } = deadLetters(resource, cloud);
  const reasons = [
    ...(Layers.length > 0 ? ['it runs without its layers'] : []),
    ...(findRole(Role, cloud) === undefined
      ? [`it has only the rights given here: its role ${Role} is not in the assembly`]
      : []),
    ...(obstacle === undefined ? [] : [`its dead-letter queue ${target} is off: ${obstacle}`]),
  ];
  return { unsupported: reasons.flatMap((reason) => notRun(resource, reason).unsupported ?? []) };
}

function deadLetters({ properties }: LambdaFunction, cloud: Cloud) {
  // CloudFormation takes an empty text for none.
  const target = properties.DeadLetterConfig.TargetArn ?? '';
  return { target, obstacle: target === '' ? undefined : obstacleToQueue(target, cloud) };
}

function readFunction(resource: LambdaFunction, cloud: Cloud): FunctionResource {
  const { logicalId, path, identity, environment, properties } = resource;
  const { target, obstacle } = deadLetters(resource, cloud);
  return {
    logicalId,
    path,
    name: identity.name,
    arn: arnIn(environment, 'lambda', `function:${identity.name}`),
    ...codeOf(resource, cloud),
    handler: properties.Handler,
    runtime: properties.Runtime,
    architecture: properties.Architectures[0] ?? 'x86_64',
    timeoutSeconds: properties.Timeout,
    memoryMb: properties.MemorySize,
    environment: properties.Environment.Variables,
    role: roleOf(properties.Role, cloud),
    ...(properties.LoggingConfig.LogGroup === undefined
      ? {}
      : { logGroup: properties.LoggingConfig.LogGroup }),
    ...(properties.ReservedConcurrentExecutions === undefined
      ? {}
      : { reservedConcurrency: properties.ReservedConcurrentExecutions }),
    ...(target === '' || obstacle !== undefined ? {} : { deadLetterArn: target }),
  };
}

function codeOf(
  { path, identity, properties: { Code } }: LambdaFunction,
  cloud: Cloud,
): Pick<FunctionResource, 'codeDirectory' | 'inlineCode'> {
  if (Code.ZipFile !== undefined) {
    const codeDirectory = join(cloud.workDirectory, identity.name);
    return { codeDirectory, inlineCode: inlineFiles(Code.ZipFile) };
  }
  const asset = cloud.assets.get(Code.S3Key ?? '');
  if (asset?.kind !== 'directory') {
    throw new AssemblyError(`the code of ${path} is missing: run cdk synth again`);
  }
  return { codeDirectory: asset.path };
}

/**
 * AWS puts inline code into one file, `index`. What kind of module it is must stand beside it here,
 * lest a package.json further up decide it.
 */
function inlineFiles(source: string): Readonly<Record<string, string>> {
  if (/^\s*(?:import|export)\b/m.test(source)) return { 'index.mjs': source };
  return { 'index.js': source, 'package.json': '{"type":"commonjs"}\n' };
}

/** Names neither a version nor an alias of its own: both are the function itself. */
const latest = {
  name: { property: 'FunctionName', limit: MAX_FUNCTION_NAME },
  properties: v.object({}),
};

export const functionVersion = resourceType({
  type: 'AWS::Lambda::Version',
  ...latest,
  identify({ name, environment }) {
    const arn = functionArn(name, environment);
    return { ref: arn, attributes: { FunctionArn: arn, Version: '$LATEST' } };
  },
});

export const functionAlias = resourceType({
  type: 'AWS::Lambda::Alias',
  ...latest,
  identify({ name, environment }) {
    const arn = functionArn(name, environment);
    return { ref: arn, attributes: { AliasArn: arn } };
  },
});
