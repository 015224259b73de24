import type { Credentials } from '../credentials.ts';
import type { FunctionResource } from '../model.ts';

/**
 * The environment variables of a function: AWS's reserved ones, the template's, and the addresses at
 * which SDK clients find the emulator in place of AWS (the standard `AWS_ENDPOINT_URL_<SERVICE>`).
 * Nothing of the emulator's own environment is among them.
 *
 * Not copied: `AWS_LAMBDA_RUNTIME_API` (there is none), and `TZ` names UTC but Node takes the time
 * zone of the whole process.
 */

/** Where SDK clients find the emulator; read when a sandbox starts. */
export interface Endpoints {
  /** URL of the services: DynamoDB, its streams, Lambda, SQS. */
  readonly base: string;
  /** URL of the `@connections` API, with its stage, when there is exactly one. */
  readonly management?: string | undefined;
}

/** Bytes of all variables of the template, names and values, as JSON. */
export const environmentLimitBytes = 4_096;

/** Why AWS would refuse these variables of the template, in its words; undefined when it takes them. */
export function environmentRefusal(
  variables: Readonly<Record<string, string>>,
): string | undefined {
  const refused =
    'Lambda was unable to configure your environment variables because the environment variables ' +
    'you have provided';
  const taken = Object.keys(variables).filter((name) => reservedNames.has(name));
  if (taken.length > 0) {
    return (
      `${refused} contains reserved keys that are currently not supported for modification. ` +
      `Reserved keys used in this request: ${taken.join(', ')}`
    );
  }
  const bytes = Buffer.byteLength(JSON.stringify(variables));
  return bytes > environmentLimitBytes ? `${refused} exceeded the 4KB limit.` : undefined;
}

/** All variables of one sandbox; `logStream` is the name of its log stream. */
export function functionEnvironment(options: {
  readonly fn: FunctionResource;
  readonly region: string;
  readonly credentials: Credentials;
  readonly endpoints: Endpoints;
  readonly logStream: string;
}): Record<string, string> {
  const { fn } = options;
  return {
    ...unreserved(fn),
    ...endpointVariables(options.endpoints),
    ...fn.environment,
    ...reserved(options),
  };
}

/** The name of the log group that a function writes to. */
export function logGroupOf({ name, logGroup = `/aws/lambda/${name}` }: FunctionResource): string {
  return logGroup;
}

function unreserved(fn: FunctionResource): Record<string, string> {
  const node = /\d+/.exec(fn.runtime)?.[0] ?? '';
  return {
    // Lambda's own, which does not exist here: SDK clients must not find the developer's profile.
    HOME: '/home/sbx_user1051',
    LANG: 'en_US.UTF-8',
    PATH: '/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin',
    NODE_PATH: [
      `/opt/nodejs/node${node}/node_modules`,
      '/opt/nodejs/node_modules',
      '/var/runtime/node_modules',
      '/var/runtime',
      fn.codeDirectory,
    ].join(':'),
    TZ: ':UTC',
    AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
  };
}

function endpointVariables({ base, management }: Endpoints): Record<string, string> {
  return {
    AWS_ENDPOINT_URL_DYNAMODB: base,
    AWS_ENDPOINT_URL_DYNAMODB_STREAMS: base,
    AWS_ENDPOINT_URL_LAMBDA: base,
    AWS_ENDPOINT_URL_SQS: base,
    ...(management !== undefined && { AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: management }),
  };
}

function reserved({
  fn,
  region,
  credentials,
  logStream,
}: Parameters<typeof functionEnvironment>[0]): Record<string, string> {
  return {
    _HANDLER: fn.handler,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${fn.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: fn.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memoryMb),
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: logGroupOf(fn),
    AWS_LAMBDA_LOG_STREAM_NAME: logStream,
    AWS_ACCESS_KEY: credentials.accessKeyId,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    LAMBDA_TASK_ROOT: fn.codeDirectory,
    LAMBDA_RUNTIME_DIR: '/var/runtime',
  };
}

const reservedNames: ReadonlySet<string> = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_LAMBDA_RUNTIME_API',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
]);
