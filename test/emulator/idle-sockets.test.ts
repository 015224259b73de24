import { Stack } from 'aws-cdk-lib';
import { WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { expect, onTestFinished, test } from 'vitest';

import { type RunningApi, startCloud } from '../../emulator/index.ts';
import { connect } from '../contract/websocket-client.ts';
import { socketsWithin, startIdleClients } from '../support/idle-clients.ts';
import { synthesize } from '../support/templates.ts';

/*
 * Goal: ten thousand sockets that say nothing are held, five of which never read what is posted to
 * them, and whoever does say something is answered. Method: the clients are another process; where a
 * process may have fewer descriptors, there are fewer.
 */
const SOCKETS = 10_000;
const DEAF = 5;
/** Of memory, for each socket, all that hangs on it included. */
const KIB_EACH = 64;
const KIB = 1_024;
const POST = Buffer.alloc(128 * KIB, 'x');
/** What the machine itself takes in for a client that does not read is far below so many posts. */
const POSTS = 400;

const assembly = () =>
  synthesize((app) => {
    const stack = new Stack(app, 'Idle');
    const echo = new Function(stack, 'Echo', {
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: Code.fromInline('exports.handler = async ({ body }) => ({ statusCode: 200, body });'),
    });
    const webSocketApi = new WebSocketApi(stack, 'Api');
    const integration = new WebSocketLambdaIntegration('ToEcho', echo);
    webSocketApi.addRoute('$default', { integration, returnResponse: true });
    new WebSocketStage(stack, 'Stage', { webSocketApi, stageName: 'prod', autoDeploy: true });
  });

/** Posts to a client until it is full; how many it took. */
async function flood({ gateway }: RunningApi, connectionId: string): Promise<number> {
  for (let taken = 0; taken < POSTS; taken += 1) {
    const { status } = await gateway.service({
      method: 'POST',
      path: `/prod/@connections/${connectionId}`,
      headers: {},
      body: POST,
      principal: { kind: 'administrator' },
    });
    if (status === 429) return taken;
    expect(status).toBe(200);
  }
  return POSTS;
}

test('[DOC e13] ten thousand sockets that say nothing are held, some never read, and others are heard', async () => {
  const count = socketsWithin(SOCKETS);
  // They come as fast as they can.
  const cloud = await startCloud({ assembly: assembly(), quotas: 'off' });
  onTestFinished(() => cloud.close());
  const clients = startIdleClients();
  onTestFinished(() => clients.close());
  const [api] = cloud.apis;
  if (api === undefined) throw new Error('no API');
  const before = process.memoryUsage().rss;
  const kibEach = () => (process.memoryUsage().rss - before) / count / KIB;
  await clients.open(api.websocket, count, DEAF);
  expect(api.gateway.connections()).toHaveLength(count);

  const speaker = await connect(api.websocket);
  const ask = async (text: string) => {
    speaker.send(text);
    expect(await speaker.next()).toBe(text);
  };
  await ask('among thousands');
  const deaf = api.gateway.connections().slice(0, DEAF);
  for (const { connectionId } of deaf) {
    const taken = await flood(api, connectionId);
    expect(taken).toBeGreaterThan(0);
    expect(taken).toBeLessThan(POSTS);
    await ask('beside one that does not read');
  }
  expect(kibEach()).toBeLessThan(KIB_EACH);
  expect(api.gateway.connections()).toHaveLength(count + 1);
  expect(await clients.lost()).toBe(0);
});
