import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test, vi } from 'vitest';

import { type Installed, installPackage, ROOT } from './installed.ts';

/** Each starts programs, and the first packs: on a busy machine that takes its time. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let app: Installed;
beforeAll(() => {
  app = installPackage(['@types/node']);
  app.write('package.json', JSON.stringify({ type: 'module' }));
});
afterAll(() => app.remove());

const node = (...words: readonly string[]) => app.run(process.execPath, ...words).trim();

const CLIENT = `
const chat = createChat({ url: 'wss://chat.example.com/prod', token: () => 'x', tabs: 'single' });
console.log(chat.connection.name, typeof createSocketPairs);
await chat.close();
`;

describe('the client', () => {
  test('is imported by an ES module, the doubles for tests too', () => {
    app.write(
      'client.mjs',
      `import { createChat } from 'parley/client';
       import { createSocketPairs } from 'parley/client/testing';
       ${CLIENT}`,
    );
    expect(node('client.mjs')).toBe('idle function');
  });

  test('is required by a CommonJS module', () => {
    app.write(
      'client.cjs',
      `const { createChat } = require('parley/client');
       const { createSocketPairs } = require('parley/client/testing');
       (async () => {${CLIENT}})();`,
    );
    expect(node('client.cjs')).toBe('idle function');
  });
});

/** A stack of the construct, run by the emulator, in which somebody says something. */
const PROGRAM = `
const app = new App({ analyticsReporting: false, builtinCloudFormationValidation: false });
const stack = new Stack(app, 'Shop');
new Chat(stack, 'Chat', { protectData: false });
const cloud = await startCloud({ app, streamPollMs: 0 });
const [{ websocket }] = cloud.apis;
const socket = new WebSocket(websocket);
socket.onopen = () => socket.send('{"uuid":"1","action":"authenticate","token":"nobody"}');
const { data } = await new Promise((resolve) => { socket.onmessage = resolve; });
console.log(JSON.parse(data).code);
socket.close();
await cloud.settled();
console.log(cloud.apis.length, cloud.model.tables.length, cloud.unsupported.length);
console.log(existsSync(join(webChatDirectory(), 'index.html')));
await cloud.close();
`;

describe('the construct and the emulator', () => {
  test('are imported by an ES module, and run a chat', () => {
    app.write(
      'shop.mjs',
      `import { existsSync } from 'node:fs';
       import { join } from 'node:path';
       import { App, Stack } from 'aws-cdk-lib';
       import { Chat, webChatDirectory } from 'parley';
       import { startCloud } from 'parley/emulator';
       ${PROGRAM}`,
    );
    expect(node('shop.mjs')).toBe('invalid_token\n1 5 0\ntrue');
  });

  test('are required by a CommonJS module, and run a chat', () => {
    app.write(
      'shop.cjs',
      `const { existsSync } = require('node:fs');
       const { join } = require('node:path');
       const { App, Stack } = require('aws-cdk-lib');
       const { Chat, webChatDirectory } = require('parley');
       const { startCloud } = require('parley/emulator');
       (async () => {${PROGRAM}})();`,
    );
    expect(node('shop.cjs')).toBe('invalid_token\n1 5 0\ntrue');
  });
});

/** A function without an SDK of its own says what it finds. */
const SDK = `
import { App, Stack } from 'aws-cdk-lib';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { startCloud } from 'parley/emulator';

const finds = (name) => { try { return require('@aws-sdk/' + name).from ?? true; } catch ({ message }) { return message; } };
const app = new App({ analyticsReporting: false, builtinCloudFormationValidation: false });
new CfnFunction(new Stack(app, 'Shop'), 'Finds', {
  functionName: 'finds',
  runtime: 'nodejs24.x',
  handler: 'index.handler',
  timeout: 60,
  role: 'arn:aws:iam::000000000000:role/none',
  code: { zipFile: 'const finds = ' + finds + '; exports.handler = async (names) => names.map(finds);' },
});
const cloud = await startCloud({ app });
const [{ arn }] = cloud.model.functions;
const { payload } = await cloud.lambda.invoke(arn, JSON.parse(process.argv[2]), { kind: 'authorized' });
console.log(JSON.stringify(payload));
await cloud.close();
`;

describe('a function that brings no SDK', () => {
  const finds = (...names: readonly string[]): unknown => {
    app.write('sdk.mjs', SDK);
    return JSON.parse(node('sdk.mjs', JSON.stringify(names)));
  };

  test('has the clients of every service that runs here', () => {
    expect(
      finds(
        'client-apigatewaymanagementapi',
        'client-dynamodb',
        'client-dynamodb-streams',
        'client-lambda',
        'client-sqs',
        'lib-dynamodb',
        'util-dynamodb',
      ),
    ).toEqual([true, true, true, true, true, true, true]);
  });

  test('has those of the project before them, and is told how to have others', () => {
    app.write('node_modules/@aws-sdk/both.js', `exports.from = 'the project';`);
    mkdirSync(join(app.directory, 'node_modules/parley/node_modules/@aws-sdk'), {
      recursive: true,
    });
    for (const name of ['both', 'own']) {
      app.write(`node_modules/parley/node_modules/@aws-sdk/${name}.js`, `exports.from = 'parley';`);
    }
    expect(finds('both.js', 'own.js', 'client-sns')).toEqual([
      'the project',
      'parley',
      expect.stringMatching(
        /^Cannot find package '@aws-sdk\/client-sns', .*npm install --save-dev @aws-sdk\/client-sns$/,
      ),
    ]);
  });
});

describe('the types', () => {
  const tsc = (options: object, ...files: readonly string[]) => {
    const compilerOptions = {
      strict: true,
      noEmit: true,
      module: 'nodenext',
      moduleResolution: 'nodenext',
      target: 'es2024',
      ...options,
    };
    app.write('tsconfig.json', JSON.stringify({ compilerOptions, files }));
    node(join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', '.');
  };

  test('of the client fit a strict project, and know a wrong option', () => {
    app.write(
      'client.ts',
      `import { createChat, type Room } from 'parley/client';
       const chat = createChat({ url: 'wss://chat.example.com', token: () => 'x' });
       const room: Room = chat.room('lobby');
       room.send('Hello', { replyTo: 1 });
       // @ts-expect-error: a token is a function, so that it can be fetched anew
       createChat({ url: 'wss://chat.example.com', token: 'x' });`,
    );
    tsc({ lib: ['es2024', 'dom'], types: [] }, 'client.ts');
  });

  test('of the construct and the emulator fit one too, as ES module and as CommonJS', () => {
    const uses = `
      const app = new App();
      new Chat(new Stack(app, 'Shop'), 'Chat', { stageName: 'live' });
      // @ts-expect-error: a name is a text
      new Chat(new Stack(app, 'Other'), 'Chat', { stageName: 1 });
      export const cloud: Promise<Cloud> = startCloud({ app, iam: 'warn' });
      // @ts-expect-error: there is no such mode
      export const wrong = startCloud({ app, iam: 'maybe' });`;
    const imports = `
      import { App, Stack } from 'aws-cdk-lib';
      import { Chat } from 'parley';
      import { type Cloud, startCloud } from 'parley/emulator';`;
    app.write('shop.mts', imports + uses);
    app.write('shop.cts', imports + uses);
    // The CDK's own types are not ours to check.
    const lib = ['es2024', 'esnext.disposable'];
    tsc({ lib, types: ['node'], skipLibCheck: true }, 'shop.mts', 'shop.cts');
    app.write('cloud.mts', `export { startCloud } from 'parley/emulator';`);
    tsc({ lib, types: ['node'] }, 'cloud.mts');
  });
});

describe('the command', () => {
  test('runs an assembly, adds people to its chat, and talks in it', async () => {
    const words = ['emulate', '--app', inject('assembly'), '--port', '0', '--json'];
    const running = spawn(process.execPath, [app.command, ...words], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    onTestFinished(() => void running.kill('SIGKILL'));
    const [line] = (await once(createInterface(running.stdout), 'line')) as [string];
    const { apis, dynamodb } = JSON.parse(line) as {
      readonly apis: readonly { readonly websocket: string }[];
      readonly dynamodb: string;
    };
    const admin = (...rest: readonly string[]) =>
      node(app.command, 'admin', ...rest, '--endpoint', dynamodb);
    expect(admin('user', 'add', 'dave')).toBe('Added dave');
    const room = admin('room', 'add', 'Kitchen', '--members', 'dave');
    const token = admin('token', 'issue', 'dave');
    app.write('hello.txt', 'Hello from the package\n');
    const talk = `"$0" "$1" chat --url "$2" --token "$3" --room "$4" --json < hello.txt`;
    const url = apis[0]?.websocket ?? '';
    const said = app.run('sh', '-c', talk, process.execPath, app.command, url, token, room);
    expect(said).toContain('Hello from the package');
  });

  test("runs the app that the folder's cdk.json names", async () => {
    app.write('cdk.json', JSON.stringify({ app: 'node named.mjs', context: { name: 'Corner' } }));
    app.write(
      'named.mjs',
      `import { App, Stack } from 'aws-cdk-lib';
       import { Chat } from 'parley';
       const app = new App();
       new Chat(new Stack(app, app.node.getContext('name')), 'Chat', { protectData: false });`,
    );
    const running = spawn(process.execPath, [app.command, 'emulate', '--port', '0', '--json'], {
      cwd: app.directory,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    onTestFinished(() => void running.kill('SIGKILL'));
    const [line] = (await once(createInterface(running.stdout), 'line')) as [string];
    expect(line).toContain('Corner-');
  });

  test.each([
    [['--help'], /parley COMMAND/],
    [['emulate', '--help'], /^Usage: parley emulate \[--app DIR\|COMMAND\]/],
    [['chat', '--help'], /^Usage: parley chat \[--url URL\]/],
    [['admin', '--help'], /^Usage: parley admin COMMAND/],
  ])('%j tells how it is used', (words, usage) => {
    expect(node(app.command, ...words)).toMatch(usage);
  });

  test('refuses what it does not know', () => {
    expect(() => node(app.command, 'dance')).toThrow(/Usage: parley COMMAND/);
  });
});
