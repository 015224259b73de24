import { once } from 'node:events';

import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import { HttpApi, WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  HttpLambdaIntegration,
  WebSocketLambdaIntegration,
} from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';

import { type Cloud, manualClock, type Quotas, startCloud } from '../../emulator/index.ts';
import { handshake } from '../contract/websocket-client.ts';
import { startIdleClients } from '../support/idle-clients.ts';
import { synthesize } from '../support/templates.ts';

/** Two APIs of WebSockets, one of them with two stages, and two of HTTP, one with a stage of its own. */
function build(app: App): void {
  const stack = new Stack(app, 'Many');
  const where = new Function(stack, 'Where', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline(
      'exports.handler = async ({ requestContext: { apiId, stage } }) => ({ statusCode: 200, body: apiId + " " + stage });',
    ),
  });
  for (const [name, stages] of [
    ['One', ['alpha', 'beta']],
    ['Two', ['live']],
  ] as const) {
    const webSocketApi = new WebSocketApi(stack, name);
    webSocketApi.addRoute('$default', {
      integration: new WebSocketLambdaIntegration(`To${name}`, where),
      returnResponse: true,
    });
    for (const stageName of stages) {
      const stage = new WebSocketStage(stack, `${name}${stageName}`, {
        webSocketApi,
        stageName,
        autoDeploy: true,
      });
      new CfnOutput(stack, `Url${name}${stageName}`, {
        value: `${webSocketApi.apiId} ${stage.url}`,
      });
    }
  }
  for (const [name, stageName] of [
    ['Three', '$default'],
    ['Four', 'live'],
  ] as const) {
    const httpApi = new HttpApi(stack, name, { createDefaultStage: false });
    httpApi.addRoutes({
      path: '/{proxy+}',
      integration: new HttpLambdaIntegration(`To${name}`, where),
    });
    const stage = httpApi.addStage(`${name}Stage`, { stageName, autoDeploy: true });
    new CfnOutput(stack, `Url${name}`, { value: `${httpApi.apiId} ${stage.url}` });
  }
}

async function ask(url: string): Promise<string> {
  const socket = new WebSocket(url);
  await once(socket, 'open');
  socket.send('where');
  const [answer] = (await once(socket, 'message')) as [Buffer];
  socket.close();
  return answer.toString();
}

test('several APIs and stages each have an address, and tell the functions they share which they are', async () => {
  const cloud = await startCloud({ assembly: synthesize(build) });
  onTestFinished(() => cloud.close());
  expect(cloud.unsupported).toEqual([]);
  const output = (name: string) => (cloud.outputs[name] ?? '').split(' ') as [string, string];
  for (const [name, stage] of [
    ['Onealpha', 'alpha'],
    ['Onebeta', 'beta'],
    ['Twolive', 'live'],
  ] as const) {
    const [apiId, url] = output(`Url${name}`);
    expect(await ask(url)).toBe(`${apiId} ${stage}`);
  }
  const [three, defaultUrl] = output('UrlThree');
  expect(await (await fetch(`${defaultUrl}here`)).text()).toBe(`${three} $default`);
  const [four, liveUrl] = output('UrlFour');
  expect(await (await fetch(`${liveUrl}/here`)).text()).toBe(`${four} live`);
  expect(cloud.httpApis.map(({ url }) => url)).toEqual([defaultUrl, liveUrl]);
  await cloud.settled();
});

test('[DOC e11] several APIs share what the account is granted, unless it is off', async () => {
  const assembly = synthesize(build);
  const start = async (quotas: Quotas) => {
    const cloud = await startCloud({ assembly, clock: manualClock(), quotas });
    onTestFinished(() => cloud.close());
    return cloud;
  };
  const statuses = async ({ apis, httpApis }: Cloud) => {
    const taken: number[] = [];
    for (const { websocket } of apis) taken.push((await handshake(websocket)).status);
    return [...taken, (await fetch(`${httpApis[0]?.url}here`)).status];
  };
  expect(await statuses(await start({ requestBurst: 2 }))).toEqual([101, 101, 429]);
  expect(await statuses(await start({ connectionsPerSecond: 1 }))).toEqual([101, 429, 200]);
  expect(await statuses(await start('off'))).toEqual([101, 101, 200]);
});

test('[DOC e10] a cloud grants 500 new connections a second when nothing else is said', async () => {
  const lines: string[] = [];
  const cloud = await startCloud({
    assembly: synthesize(build),
    clock: manualClock(),
    log: (_source, line) => lines.push(line),
  });
  onTestFinished(() => cloud.close());
  const clients = startIdleClients();
  onTestFinished(() => clients.close());
  const [{ websocket: url } = { websocket: '' }, other] = cloud.apis;
  await clients.open(url, 500);
  for (const refused of [url, other?.websocket ?? '']) {
    expect((await handshake(refused)).status).toBe(429);
  }
  expect(lines).toEqual([expect.stringContaining('500 new connections a second is used up')]);
});
