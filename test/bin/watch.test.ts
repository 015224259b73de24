import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { App, Stack } from 'aws-cdk-lib';
import { WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';

import { type Program, run } from '../support/program.ts';
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

/** What one frame is answered with, on a socket that stays open. */
async function asker(program: Program, websocket: (line: string) => string | undefined) {
  onTestFinished(() => void program.process.kill('SIGKILL'));
  const socket = new WebSocket(websocket(await program.firstLine()) ?? '');
  await new Promise((resolve) => socket.once('open', resolve));
  return (frame: string) =>
    new Promise<string>((resolve) => {
      socket.once('message', (data: Buffer) => resolve(data.toString()));
      socket.send(frame);
    });
}

const says = (program: Program, text: string) =>
  expect.poll(() => program.stderr(), { timeout: 20_000 }).toContain(text);

test('npm run emulate --watch takes up new code as it is synthesized, over open sockets', async () => {
  const outdir = scratchDirectory();
  synthesize(outdir, 'one');
  const program = run('bin/emulate.ts', '--app', outdir, '--port', '0', '--json', '--watch');
  type Line = { readonly apis: readonly { readonly websocket: string }[] };
  const ask = await asker(program, (line) => (JSON.parse(line) as Line).apis[0]?.websocket);
  expect(await ask('{}')).toBe('one');

  synthesize(outdir, 'two');
  await says(program, 'watch: new code: App/');
  expect(await ask('{}')).toBe('two');
});

test('npm start --watch takes up a saved source over open sockets, and goes on with the old when one is broken', async () => {
  const project = copyOfProject();
  const source = join(project, 'lambdas/default.ts');
  const original = readFileSync(source, 'utf8');
  const program = run(join(project, 'bin/local.ts'), '--port', '0', '--json', '--watch');
  type Line = { readonly websocket: string };
  const ask = await asker(program, (line) => (JSON.parse(line) as Line).websocket);
  expect(await ask('{}')).toContain('invalid_');

  writeFileSync(source, 'export const handler = async () => (');
  await says(program, 'watch: the old code goes on: ');
  expect(await ask('{}')).toContain('invalid_');

  writeFileSync(source, original.replace(/=>\n[^]*$/, "=> Promise.resolve({ body: 'new' });"));
  await says(program, 'watch: new code: Parley/');
  expect(await ask('{}')).toBe('new');
});

/** The project's own programs and their sources, somewhere else, so that a test may break them. */
function copyOfProject(): string {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const directory = scratchDirectory();
  const sources = ['bin', 'client', 'emulator', 'lambdas', 'lib', 'protocol', 'terminal', 'web'];
  for (const part of [
    ...sources,
    'cdk.json',
    'package.json',
    'package-lock.json',
    'tsconfig.json',
  ]) {
    cpSync(join(root, part), join(directory, part), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'));
  return directory;
}
