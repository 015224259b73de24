import { expect, test } from 'vitest';

import { environmentOf } from '../../../../emulator/template/environment.ts';
import {
  functionArn,
  functionOfUri,
} from '../../../../emulator/template/resources/function-arn.ts';

const environment = environmentOf('000000000000', 'us-east-1');
const arn = 'arn:aws:lambda:us-east-1:000000000000:function:say';

test.each([
  ['its ARN', arn],
  ['its ARN with an alias', `${arn}:live`],
  ['its name', 'say'],
  ['its name with a version', 'say:3'],
  ['its partial ARN', '000000000000:function:say'],
  ['its partial ARN with $LATEST', '000000000000:function:say:$LATEST'],
])('a function is found by %s', (_title, named) => {
  expect(functionArn(named, environment)).toBe(arn);
});

test('an ARN of another account stays there', () => {
  const other = 'arn:aws:lambda:eu-west-1:111122223333:function:say';
  expect(functionArn(`${other}:live`, environment)).toBe(other);
});

const uri = (path: string) => `arn:aws:apigateway:us-east-1:${path}`;

test('[EXP i] the URI of a Lambda integration names its function', () => {
  expect(
    functionOfUri(uri(`lambda:path/2015-03-31/functions/${arn}/invocations`), environment),
  ).toBe(arn);
  expect(
    functionOfUri(uri(`lambda:path/2015-03-31/functions/${arn}:live/invocations`), environment),
  ).toBe(arn);
});

test.each([
  ['of another service', uri('sqs:path/000000000000/queue')],
  [
    'with a stage variable',
    uri('lambda:path/2015-03-31/functions/${stageVariables.fn}/invocations'),
  ],
  ['of a web server', 'https://example.org/hook'],
  ['that is empty', ''],
])('a URI %s names none', (_title, text) => {
  expect(functionOfUri(text, environment)).toBeUndefined();
});

test('the ARN of a function alone is a URI of an HTTP API', () => {
  expect(functionOfUri(arn, environment)).toBe(arn);
  expect(functionOfUri(`${arn}:live`, environment)).toBe(arn);
  expect(functionOfUri(`${arn}/else`, environment)).toBeUndefined();
});
