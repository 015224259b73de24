import { describe, expect, test } from 'vitest';

import {
  environmentLimitBytes,
  environmentRefusal,
  functionEnvironment,
} from '../../../emulator/lambda/environment.ts';
import { functionResource } from './functions-under-test.ts';

const base = 'http://127.0.0.1:1';

function environment(variables: Record<string, string> = {}, management?: string) {
  return functionEnvironment({
    fn: functionResource({ environment: variables }),
    region: 'eu-west-1',
    credentials: { accessKeyId: 'ASIAX', secretAccessKey: 'secret', sessionToken: 'token' },
    endpoints: { base, management },
    logStream: 'stream',
  });
}

describe('functionEnvironment', () => {
  test('[DOC g4] has the reserved variables', () => {
    expect(environment()).toMatchObject({
      _HANDLER: 'index.handler',
      AWS_REGION: 'eu-west-1',
      AWS_DEFAULT_REGION: 'eu-west-1',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_LAMBDA_FUNCTION_NAME: 'fn',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/fn',
      AWS_LAMBDA_LOG_STREAM_NAME: 'stream',
      AWS_ACCESS_KEY_ID: 'ASIAX',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_SESSION_TOKEN: 'token',
      LAMBDA_TASK_ROOT: '/nowhere',
      LAMBDA_RUNTIME_DIR: '/var/runtime',
      TZ: ':UTC',
      LANG: 'en_US.UTF-8',
    });
  });

  test('[EXP h] leads SDK clients to the emulator, to @connections only when there is one stage', () => {
    expect(environment()).toMatchObject({
      AWS_ENDPOINT_URL_DYNAMODB: base,
      AWS_ENDPOINT_URL_DYNAMODB_STREAMS: base,
      AWS_ENDPOINT_URL_LAMBDA: base,
      AWS_ENDPOINT_URL_SQS: base,
    });
    expect(environment()).not.toHaveProperty('AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI');
    expect(environment({}, `${base}/prod`)).toMatchObject({
      AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: `${base}/prod`,
    });
  });

  test("lets the template's variables win over all but the reserved ones", () => {
    const variables = {
      TABLE: 't',
      TZ: 'Europe/Berlin',
      AWS_ENDPOINT_URL_SQS: 'x',
      AWS_REGION: 'y',
    };
    expect(environment(variables)).toMatchObject({ ...variables, AWS_REGION: 'eu-west-1' });
  });
});

describe('environmentRefusal', () => {
  const bytesBeside = JSON.stringify({ NAME: '' }).length;

  test.each([
    [undefined, { TABLE: 't', TZ: 'UTC', AWS_ENDPOINT_URL_SQS: 'x' }],
    [undefined, { NAME: 'x'.repeat(environmentLimitBytes - bytesBeside) }],
    [/exceeded the 4KB limit\.$/, { NAME: 'x'.repeat(environmentLimitBytes - bytesBeside + 1) }],
    [/exceeded the 4KB limit\.$/, { NAME: 'ü'.repeat(environmentLimitBytes / 2) }],
    [/Reserved keys used in this request: AWS_REGION, _HANDLER$/, { AWS_REGION: '', _HANDLER: '' }],
  ])('[DOC g5] answers %s', (refusal, variables) => {
    const answer = environmentRefusal(variables);
    if (refusal === undefined) expect(answer).toBe(undefined);
    else expect(answer).toMatch(refusal);
  });
});
