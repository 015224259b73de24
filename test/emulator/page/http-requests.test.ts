import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { type App, Stack } from 'aws-cdk-lib';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  HttpLambdaAuthorizer,
  HttpLambdaResponseType,
} from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { AxeResults } from 'axe-core';
import { describe, expect, onTestFinished, test } from 'vitest';

import { type CloudOptions, startCloud } from '../../../emulator/index.ts';
import type { PageState } from '../../../emulator/page/state.ts';
import { startBrowser } from '../../support/browser.ts';
import { WANTED } from '../../support/browser-line.ts';
import { synthesize } from '../../support/templates.ts';

/*
 * Goal: requests to HTTP APIs are seen like frames: a line of the trace each, and on the page, without what was said.
 * Method: an API with a guarded route, asked over HTTP; the trace's lines, the state, and the page in a browser.
 */

function build(app: App): void {
  const stack = new Stack(app, 'Web');
  const fn = (id: string, code: string) =>
    new Function(stack, id, {
      functionName: `web-${id.toLowerCase()}`,
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: Code.fromInline(`exports.handler = async (event) => (${code});`),
    });
  const api = new HttpApi(stack, 'Rooms', { apiName: 'rooms' });
  const gate = fn('Gate', `{ isAuthorized: event.headers.authorization === 'alice' }`);
  api.addRoutes({
    path: '/rooms/{room}',
    methods: [HttpMethod.POST],
    integration: new HttpLambdaIntegration(
      'Say',
      fn('Say', `{ statusCode: 201, body: 'said it' }`),
    ),
    authorizer: new HttpLambdaAuthorizer('Gate', gate, {
      responseTypes: [HttpLambdaResponseType.SIMPLE],
    }),
  });
  api.addRoutes({
    path: '/broken',
    methods: [HttpMethod.GET],
    integration: new HttpLambdaIntegration('Broken', fn('Broken', `event.no.such.thing`)),
  });
}

async function start(options: CloudOptions = {}) {
  const lines: string[] = [];
  const cloud = await startCloud({
    assembly: synthesize(build),
    log: (source, line) => source === 'trace' && lines.push(line),
    ...options,
  });
  onTestFinished(() => cloud.close());
  const url = cloud.httpApis[0]?.url ?? '';
  const say = async (as: string) =>
    (
      await fetch(`${url}rooms/lobby?token=query-secret`, {
        method: 'POST',
        headers: { authorization: as },
        body: 'body-secret',
      })
    ).status;
  const get = async (path: string) => (await fetch(`${url}${path}`)).status;
  const state = async () => (await (await fetch(`${cloud.url}/_parley/state`)).json()) as PageState;
  return { cloud, lines, say, get, state };
}

describe('the trace', () => {
  test('has one line for each request: method, path, status, function and milliseconds', async () => {
    const { lines, say, get } = await start({ trace: 'lines' });
    expect([await say('alice'), await say('mallory')]).toEqual([201, 403]);
    expect([await get('broken'), await get('nowhere')]).toEqual([500, 404]);
    expect(lines).toEqual([
      expect.stringMatching(/^⇄ POST \/rooms\/lobby 201 web-say, \d+ ms$/),
      expect.stringMatching(/^⇄ POST \/rooms\/lobby 403, \d+ ms$/),
      expect.stringMatching(/^⇄ GET \/broken 500 web-broken, \d+ ms$/),
      expect.stringMatching(/^⇄ GET \/nowhere 404, \d+ ms$/),
    ]);
  });

  test('has query, body and answer only when asked for the content', async () => {
    const { lines, say } = await start({ trace: 'content' });
    await say('alice');
    expect(lines).toEqual([
      expect.stringMatching(/ ms "\?token=query-secret body-secret" ← "said it"$/),
    ]);
  });

  test('is silent unless it is asked for', async () => {
    const { lines, say } = await start();
    await say('alice');
    expect(lines).toEqual([]);
  });
});

describe('the state', () => {
  test('tells of HTTP APIs with their routes, and of requests, the newest first', async () => {
    const { cloud, say, get, state } = await start();
    await say('alice');
    await get('nowhere');
    const { httpApis, requests, frames } = await state();
    expect(httpApis).toEqual([
      {
        name: 'rooms',
        url: cloud.httpApis[0]?.url,
        routes: expect.arrayContaining(['POST /rooms/{room}', 'GET /broken']) as string[],
      },
    ]);
    expect(frames).toEqual([]);
    expect(requests).toMatchObject([
      { method: 'GET', path: '/nowhere', code: 404 },
      { method: 'POST', path: '/rooms/lobby', code: 201, by: 'web-say', api: 'Web/Rooms/Resource' },
    ]);
    expect(JSON.stringify(requests)).not.toMatch(/secret|said it/);
  });

  test('tells of the latest 100 requests', async () => {
    const { get, state } = await start();
    for (let index = 0; index < 101; index += 1) await get(`nowhere/${index}`);
    const { requests } = await state();
    expect(requests).toHaveLength(100);
    expect(requests[0]?.path).toBe('/nowhere/100');
    expect(requests.at(-1)?.path).toBe('/nowhere/1');
  });
});

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const browser = await startBrowser();

describe.skipIf(browser === undefined)(`the page (${WANTED})`, { timeout: 60_000 }, () => {
  test('lists the API, shows a request as it comes, and has no violations', async () => {
    const { cloud, say } = await start();
    if (browser === undefined) throw new Error('There is no browser');
    const context = await browser.newContext();
    onTestFinished(() => context.close());
    const page = await context.newPage();
    page.on('pageerror', (error) => expect.soft(error.stack).toBeUndefined());
    await page.goto(`${cloud.httpApis[0]?.url ?? ''}_parley`);
    await page.locator('#apis').getByText('POST /rooms/{room}').waitFor();
    await say('alice');
    const row = page.locator('#requests tr').filter({ hasText: '/rooms/lobby' });
    await row.waitFor();
    expect(await row.locator('td').allTextContents()).toEqual([
      expect.stringMatching(/\d/),
      'POST',
      '/rooms/lobby',
      '201',
      'web-say',
      expect.stringMatching(/^\d+$/),
    ]);
    await page.evaluate(AXE);
    const violations = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: { run(): Promise<AxeResults> } };
      return (await axe.run()).violations.map(({ id, nodes }) => [id, nodes[0]?.html]);
    });
    expect(violations).toEqual([]);
  });
});
