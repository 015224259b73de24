import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { type App, Stack } from 'aws-cdk-lib';
import { WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';

import { startCloud } from '../../emulator/index.ts';
import { scratchDirectory, synthesize, writeFiles } from '../support/templates.ts';

/*
 * Goal: an app can be worked on while it runs. Method: one that answers with its version, synthesized anew
 * with other code, asked over a socket that stays open all the while.
 */

const app =
  (version: string, { table = false, timeout = 3 } = {}) =>
  (root: App) => {
    const directory = scratchDirectory();
    writeFiles(directory, {
      'index.mjs': `export const handler = async () => ({ body: '${version}' });`,
    });
    const stack = new Stack(root, 'App');
    const fn = new Function(stack, 'Answer', {
      runtime: Runtime.NODEJS_24_X,
      code: Code.fromAsset(directory),
      handler: 'index.handler',
      environment: { TIMEOUT: String(timeout) },
    });
    const api = new WebSocketApi(stack, 'Api');
    const integration = new WebSocketLambdaIntegration('Answer', fn);
    api.addRoute('$default', { integration, returnResponse: true });
    new WebSocketStage(stack, 'Stage', { webSocketApi: api, stageName: 'dev', autoDeploy: true });
    if (table) {
      new Table(stack, 'Items', { partitionKey: { name: 'pk', type: AttributeType.STRING } });
    }
  };

async function running() {
  const cloud = await startCloud({ assembly: synthesize(app('one')) });
  onTestFinished(() => cloud.close());
  const socket = new WebSocket(cloud.apis[0]?.websocket ?? '');
  await new Promise((resolve) => socket.once('open', resolve));
  const ask = () =>
    new Promise<string>((resolve) => {
      socket.once('message', (data: Buffer) => resolve(data.toString()));
      socket.send('{}');
    });
  expect(await ask()).toBe('one');
  return { cloud, ask };
}

test('a function takes up new code, and the socket that asks it stays open', async () => {
  const { cloud, ask } = await running();
  const { code, restart } = await cloud.update(synthesize(app('two')));
  expect(code.map(({ path }) => path)).toEqual(['App/Answer/Resource']);
  expect(restart).toEqual([]);
  expect(await ask()).toBe('two');
});

test('the same code is not deployed again', async () => {
  const { cloud } = await running();
  expect(await cloud.update(synthesize(app('one')))).toEqual({ code: [], restart: [] });
});

test('what cannot be taken up is named, once for each assembly', async () => {
  const { cloud, ask } = await running();
  const { restart } = await cloud.update(synthesize(app('two', { table: true, timeout: 9 })));
  expect(restart).toEqual([
    'function App/Answer/Resource is changed',
    'table App/Items/Resource is new',
  ]);
  expect(await ask()).toBe('two');
});

test('an assembly that cannot be read changes nothing', async () => {
  const { cloud, ask } = await running();
  const broken = synthesize(app('two'));
  writeFileSync(join(broken, 'App.template.json'), '{ "Resources": ');
  await expect(cloud.update(broken)).rejects.toThrow('App.template.json');
  expect(await ask()).toBe('one');
});
