import { describe, expect, test } from 'vitest';
import path from 'node:path';

import { lambdaWith, payloadOf, writeCode } from './functions-under-test.ts';

describe('modules of a function', () => {
  test('are CommonJS in an assembly that lies inside a package of "type": "module"', async () => {
    const repository = writeCode({
      'package.json': '{ "type": "module" }',
      'cdk.out/asset.1/index.js':
        'const { name } = require("./other"); exports.handler = async () => [name, typeof module];',
      'cdk.out/asset.1/other.js': 'exports.name = __filename.slice(-8);',
    });
    const codeDirectory = path.join(repository.directory, 'cdk.out/asset.1');
    await using it = lambdaWith('', { codeDirectory });
    expect(await payloadOf(it.invoke())).toEqual(['other.js', 'object']);
    repository.remove();
  });

  test.each([
    ['index.mjs', 'import { SQSClient } from "@aws-sdk/client-sqs";'],
    ['index.cjs', 'const { SQSClient } = require("@aws-sdk/client-sqs");'],
  ])('of %s find the SDK that AWS brings along', async (file, load) => {
    const handler = 'async () => typeof SQSClient';
    const code = `${load} ${file === 'index.mjs' ? 'export const handler' : 'exports.handler'} = ${handler};`;
    await using it = lambdaWith({ [file]: code });
    expect(await payloadOf(it.invoke())).toBe('function');
  });

  test.each([
    [
      'index.mjs',
      'import { S3Client } from "@aws-sdk/client-s3"; export const handler = S3Client;',
    ],
    [
      'index.cjs',
      'const { S3Client } = require("@aws-sdk/client-s3"); exports.handler = S3Client;',
    ],
  ])('of %s that nobody has but AWS are named, with what installs them', async (file, code) => {
    await using it = lambdaWith({ [file]: code });
    expect(await it.invoke()).toMatchObject({
      errorType: 'Runtime.ImportModuleError',
      errorMessage: expect.stringMatching(
        /^Error: Cannot find package '@aws-sdk\/client-s3', which AWS's runtime has: .*\. npm install --save-dev @aws-sdk\/client-s3$/,
      ) as string,
    });
  });

  test('that may be missing can be done without', async () => {
    await using it = lambdaWith(`
      const tracer = await import("@aws-sdk/client-xray").catch(() => "none");
      export const handler = async () => tracer;`);
    expect(await payloadOf(it.invoke())).toBe('none');
  });

  test('do not find other packages of the emulator', async () => {
    await using it = lambdaWith('import "ws"; export const handler = async () => 1;');
    expect(await it.invoke()).toMatchObject({ errorType: 'Runtime.ImportModuleError' });
  });
});
