import { join } from 'node:path';

import { CfnParameter, SecretValue, Stack } from 'aws-cdk-lib';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { expect, onTestFinished, test } from 'vitest';

import { run, runToEnd } from '../support/program.ts';
import { scratchDirectory, synthesize, writeFiles } from '../support/templates.ts';

interface Started {
  readonly functions: readonly string[];
  readonly missingValues?: readonly string[];
}

/** An app with a parameter, a secret, and a topic that nobody runs. */
const app = () =>
  synthesize((app) => {
    const stack = new Stack(app, 'App');
    const origin = new CfnParameter(stack, 'Origin');
    const fn = (id: string, environment: Record<string, string>) =>
      new Function(stack, id, {
        functionName: id,
        runtime: Runtime.NODEJS_24_X,
        handler: 'index.handler',
        code: Code.fromInline('exports.handler = async () => {};'),
        environment,
      });
    fn('parametrized', { ORIGIN: origin.valueAsString });
    fn('secretive', { KEY: SecretValue.secretsManager('app/key').unsafeUnwrap() });
    fn('mentioning', { TOPIC: new Topic(stack, 'Topic', { topicName: 'news' }).topicArn });
  });

function values(content: unknown): string {
  const directory = scratchDirectory();
  writeFiles(directory, { 'values.json': content });
  return join(directory, 'values.json');
}

function start(...parameters: string[]) {
  const program = run('bin/emulate.ts', '--port', '0', '--app', app(), ...parameters);
  onTestFinished(() => void program.process.kill('SIGKILL'));
  return program;
}

test('npm run emulate names each value that is missing, and runs what needs none', async () => {
  const program = start();
  await program.firstLine();
  const lines = program.stdout().trimEnd().split('\n');
  expect(lines).toContain('Lambda     1 functions');
  expect(lines.filter((line) => line.startsWith('Missing'))).toEqual([
    'Missing    the value of Origin: give it in --values FILE',
    'Missing    the value of secretsmanager:app/key: give it in --values FILE',
  ]);
  expect(lines).toContainEqual(
    expect.stringMatching(
      /^Not run {4}AWS::SNS::Topic {2}App\/Topic\/Resource \(others see App-Topic/,
    ),
  );
});

test('npm run emulate --values gives them', async () => {
  const file = values({
    Origin: 'https://chat.example',
    'secretsmanager:app/key': 7,
  });
  const program = start('--json', '--values', file);
  const { functions, missingValues } = JSON.parse(await program.firstLine()) as Started;
  expect(functions).toEqual(['parametrized', 'secretive', 'mentioning']);
  expect(missingValues).toBeUndefined();
});

test.each([
  ['that is no JSON', '{', 'it is not JSON'],
  ['that is no object', '[]', 'it must hold a JSON object of names and values'],
  [
    'with a value of another kind',
    '{"Origin":null}',
    'the value of Origin must be a text, a number or a flag',
  ],
])('npm run emulate refuses a values file %s in one line', async (_title, content, reason) => {
  const file = values(content);
  const { code, stderr } = await runToEnd('bin/emulate.ts', '--app', 'nowhere', '--values', file);
  expect({ code, stderr }).toEqual({ code: 2, stderr: `--values ${file}: ${reason}\n` });
});
