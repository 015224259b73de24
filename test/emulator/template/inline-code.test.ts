import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { expect, test } from 'vitest';

import { writeInlineCode } from '../../../emulator/template/inline-code.ts';
import { emptyFunction, modelOf, scratchDirectory } from '../../support/templates.ts';

test('code written in a template can be run from its directory, and other code is left alone', async () => {
  const workDirectory = scratchDirectory();
  const source = 'exports.handler = async () => 42;';
  const asset = emptyFunction();
  const model = modelOf(
    (app) => {
      const stack = new Stack(app, 'Chat');
      for (const code of [lambda.Code.fromInline(source), lambda.Code.fromAsset(asset)]) {
        new lambda.Function(stack, code.isInline ? 'Inline' : 'Asset', {
          code,
          runtime: lambda.Runtime.NODEJS_24_X,
          handler: 'index.handler',
        });
      }
    },
    { workDirectory },
  );
  await writeInlineCode(model.functions);
  const [inline] = model.functions;
  expect(readdirSync(workDirectory)).toEqual([inline?.name]);
  expect(readFileSync(join(inline?.codeDirectory ?? '', 'index.js'), 'utf8')).toBe(source);
});
