import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { App, Duration, Stack } from 'aws-cdk-lib';
import { WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';

import { AssemblyError, type Cloud, startCloud } from '../../emulator/index.ts';
import { readAssembly } from '../../emulator/template/assembly.ts';

/*
 * Goal: whatever an app or a client does wrong ends in one clear line that names what it is about, and
 * the emulator stays up. Method: one app has a route for each wrong, and one that works; after each wrong
 * the one that works must answer. The details of each are tested at its place (lambda, gateway, template).
 */
const WRONGS: Readonly<Record<string, readonly [code: string, line: RegExp]>> = {
  unexported: ['export const other = 1;', /Runtime\.HandlerNotFound: index\.handler is undefined/],
  unborn: ['throw new Error("not today");', /Error: not today/],
  endless: [
    'export const handler = () => new Promise(() => setInterval(() => {}, 1e6));',
    /Task timed out after 1\.00 seconds/,
  ],
  busy: ['export const handler = async () => { for (;;); };', /Task timed out after 1\.00 seconds/],
  leaking: [
    'const all = [];\nexport const handler = async () => { for (;;) all.push(new Array(1e5).fill({}).map(() => ({}))); };',
    /Runtime\.OutOfMemory|Task timed out/,
  ],
  flooding: [
    'export const handler = async () => { for (let n = 0; n < 1e5; n += 1) console.log("flood".repeat(100)); return { body: "dry" }; };',
    /more|cut|dropped|output/i,
  ],
  exiting: ['export const handler = async () => process.exit(3);', /exit status 3/],
};

const GOOD = 'export const handler = async () => ({ statusCode: 200, body: "well" });';

function build(app: App): void {
  const stack = new Stack(app, 'Bad');
  const integration = (name: string, code: string) =>
    new WebSocketLambdaIntegration(
      name,
      new Function(stack, name, {
        functionName: `bad-${name}`,
        runtime: Runtime.NODEJS_24_X,
        code: Code.fromInline(code),
        handler: 'index.handler',
        timeout: Duration.seconds(1),
        memorySize: 128,
      }),
    );
  const api = new WebSocketApi(stack, 'Api', {
    routeSelectionExpression: '$request.body.action',
    connectRouteOptions: { integration: integration('connect', GOOD) },
  });
  const codes = Object.entries(WRONGS).map(([name, [code]]) => [name, code] as const);
  for (const [name, code] of [...codes, ['well', GOOD] as const]) {
    api.addRoute(name, { integration: integration(name, code), returnResponse: true });
  }
  new WebSocketStage(stack, 'Stage', { webSocketApi: api, stageName: 'prod', autoDeploy: true });
}

let cloud: Cloud;
let scratch: string;
const lines: string[] = [];
const sockets: WebSocket[] = [];
beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'parley-bad-'));
  const app = synthesized('good');
  cloud = await startCloud({
    app,
    log: (source, line) => lines.push(`${source}: ${line}`),
  });
});
afterAll(async () => {
  for (const socket of sockets) socket.terminate();
  await cloud.close();
  rmSync(scratch, { recursive: true });
});

function synthesized(name: string): App {
  const app = new App({ outdir: join(scratch, name), builtinCloudFormationValidation: false });
  build(app);
  return app;
}

async function open(): Promise<WebSocket> {
  const socket = new WebSocket(cloud.apis[0]?.websocket ?? '');
  sockets.push(socket);
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return socket;
}

async function ask(socket: WebSocket, action: string): Promise<string> {
  const answered = new Promise<string>((resolve) => {
    socket.once('message', (data: Buffer) => resolve(data.toString()));
  });
  socket.send(JSON.stringify({ action }));
  return answered;
}

const INTERNAL = /"Internal server error"|"body":|dry/;

test.each(Object.entries(WRONGS))(
  'a function that is %s is named in a line, and the others go on',
  async (name, [, line]) => {
    const socket = await open();
    expect(await ask(socket, name)).toMatch(INTERNAL);
    const own = lines.filter((each) => each.startsWith(`bad-${name}: `));
    expect(
      own.some((each) => line.test(each)),
      own.slice(-3).join('\n'),
    ).toBe(true);
    expect(await ask(socket, 'well')).toBe('well');
  },
);

test.each([
  ['POST', '/prod/@connections/', 403],
  ['POST', '/prod/@connections/%E0%A4%A', 403],
  ['PUT', '/prod/@connections/XDmENcnwIE0CFEQ=', 403],
  ['GET', '/nowhere/@connections/x', 403],
  ['DELETE', '/prod/@connections/../../etc/passwd', 403],
])('%s %s is refused with %i, unsigned as it is', async (method, path, status) => {
  const base = new URL(cloud.apis[0]?.management ?? '').origin;
  const response = await fetch(`${base}${path}`, { method });
  expect(response.status).toBe(status);
  expect(await ask(await open(), 'well')).toBe('well');
});

test('an assembly whose code is gone is refused in one line that names the function', async () => {
  const app = new App({ outdir: join(scratch, 'gone'), builtinCloudFormationValidation: false });
  const code = mkdtempSync(join(scratch, 'code-'));
  new Function(new Stack(app, 'Gone'), 'Lost', {
    runtime: Runtime.NODEJS_24_X,
    code: Code.fromAsset(code),
    handler: 'index.handler',
  });
  const { directory } = app.synth();
  for (const { path, kind } of readAssembly(directory).assets.values()) {
    if (kind === 'directory') rmSync(path, { recursive: true });
  }
  const starting = startCloud({ assembly: directory });
  await expect(starting).rejects.toThrow(AssemblyError);
  await expect(starting).rejects.toThrow(
    'the code of Gone/Lost/Resource is missing: run cdk synth again',
  );
});
