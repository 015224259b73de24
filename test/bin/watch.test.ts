import { App, Stack } from 'aws-cdk-lib';
import { WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';

import { run } from '../support/program.ts';
import { scratchDirectory } from '../support/templates.ts';

/** Synthesizes an app that answers with its version, into the same directory each time. */
function synthesize(outdir: string, version: string): void {
  const app = new App({ outdir, builtinCloudFormationValidation: false });
  const stack = new Stack(app, 'App');
  const fn = new Function(stack, 'Answer', {
    runtime: Runtime.NODEJS_24_X,
    code: Code.fromInline(`exports.handler = async () => ({ body: '${version}' });`),
    handler: 'index.handler',
  });
  const api = new WebSocketApi(stack, 'Api');
  const integration = new WebSocketLambdaIntegration('Answer', fn);
  api.addRoute('$default', { integration, returnResponse: true });
  new WebSocketStage(stack, 'Stage', { webSocketApi: api, stageName: 'dev', autoDeploy: true });
  app.synth();
}

test('npm run emulate --watch takes up new code as it is synthesized, over open sockets', async () => {
  const outdir = scratchDirectory();
  synthesize(outdir, 'one');
  const program = run('bin/emulate.ts', '--app', outdir, '--port', '0', '--json', '--watch');
  onTestFinished(() => void program.process.kill('SIGKILL'));
  const { apis } = JSON.parse(await program.firstLine()) as {
    apis: readonly { readonly websocket: string }[];
  };
  const socket = new WebSocket(apis[0]?.websocket ?? '');
  await new Promise((resolve) => socket.once('open', resolve));
  const ask = () =>
    new Promise<string>((resolve) => {
      socket.once('message', (data: Buffer) => resolve(data.toString()));
      socket.send('{}');
    });
  expect(await ask()).toBe('one');

  synthesize(outdir, 'two');
  await expect.poll(() => program.stderr(), { timeout: 20_000 }).toContain('watch: new code: App/');
  expect(await ask()).toBe('two');
});
