import { cpSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';

import { type Program, runIn } from '../support/program.ts';
import { scratchDirectory, writeFiles } from '../support/templates.ts';

/*
 * Goal: a foreign app is run, and followed, by the words that its `cdk.json` has for the CDK's own command. Method:
 * copies of the two foreign apps, run by real processes in folders of their own, and saved while sockets are open.
 */

/** Each starts an app a few times, on a machine that has other things to do. */
vi.setConfig({ testTimeout: 60_000 });

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));

/** A project with this foreign app, its packages installed. */
function project(app: 'board' | 'echo', files: Readonly<Record<string, unknown>> = {}): string {
  const folder = scratchDirectory();
  cpSync(join(REPOSITORY, 'test/fixtures/apps', app), folder, { recursive: true });
  symlinkSync(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'));
  writeFiles(folder, files);
  return folder;
}

function emulate(folder: string, ...words: readonly string[]): Program {
  const program = runIn(folder, 'bin/emulate.ts', '--port', '0', ...words);
  onTestFinished(() => void program.process.kill('SIGKILL'));
  return program;
}

interface Described {
  readonly apis: readonly { readonly protocol: string; readonly websocket: string }[];
  readonly tables: readonly string[];
}

const described = async (program: Program) => JSON.parse(await program.firstLine()) as Described;

/** The echo app followed, with a socket that stays open all the while. */
async function followed(folder: string) {
  const program = emulate(folder, '--json', '--watch');
  const { apis } = await described(program);
  const socket = new WebSocket(`${apis[0]?.websocket ?? ''}?name=alice`);
  await once(socket, 'open');
  const ask = async () => {
    const answered = once(socket, 'message');
    socket.send(JSON.stringify({ type: 'echo', text: 'hello' }));
    return String((await answered)[0]);
  };
  const hears = (text: string | RegExp) =>
    expect.poll(() => program.stderr(), { timeout: 30_000 }).toMatch(text);
  return { ask, hears, program };
}

const SHOUT = `exports.shout = (text) => text.toUpperCase() + '!';\n`;
const WHISPER = `exports.shout = (text) => text + '?';\n`;

describe('an app', () => {
  test('is the command that --app gives', async () => {
    const { apis } = await described(emulate(project('board'), '--json', '--app', 'node app.mjs'));
    expect(apis.map(({ protocol }) => protocol)).toEqual(['WEBSOCKET', 'HTTP']);
  });

  test('is that of cdk.json without --app, and is told its context, account and region', async () => {
    const folder = project('echo', {
      'cdk.json': { app: 'node told.cjs', context: { from: 'cdk.json', here: 'cdk.json' } },
      'cdk.context.json': { looked: 'up' },
      'told.cjs': `
        const { writeFileSync } = require('node:fs');
        const { CDK_CONTEXT_JSON, CDK_DEFAULT_ACCOUNT, CDK_OUTDIR } = process.env;
        writeFileSync('told.json', JSON.stringify({ CDK_DEFAULT_ACCOUNT, CDK_OUTDIR, ...JSON.parse(CDK_CONTEXT_JSON) }));
        require('./app.cjs');`,
    });
    await described(emulate(folder, '--json', '--context', 'here=now'));
    expect(JSON.parse(readFileSync(join(folder, 'told.json'), 'utf8'))).toMatchObject({
      CDK_DEFAULT_ACCOUNT: '000000000000',
      CDK_OUTDIR: expect.stringContaining('parley-assembly-') as string,
      from: 'cdk.json',
      here: 'now',
      looked: 'up',
      'aws:cdk:enable-path-metadata': true,
    });
  });

  test('leaves no assembly behind when the emulator ends', async () => {
    const folder = project('echo', {
      'cdk.json': { app: 'node told.cjs' },
      'told.cjs': `
        require('node:fs').writeFileSync('outdir', process.env.CDK_OUTDIR);
        require('./app.cjs');`,
    });
    const program = emulate(folder, '--json');
    await described(program);
    const outdir = readFileSync(join(folder, 'outdir'), 'utf8');
    expect(existsSync(join(outdir, 'manifest.json'))).toBe(true);
    program.process.kill('SIGTERM');
    expect(await program.exited).toBe(0);
    expect(existsSync(outdir)).toBe(false);
  });

  test('ends with the emulator, however many processes it has', async () => {
    const folder = project('echo', {
      'held.cjs': `
        const { writeFileSync } = require('node:fs');
        process.on('SIGTERM', () => {
          writeFileSync('ended', '');
          process.exit(1);
        });
        writeFileSync('begun', '');
        setInterval(() => {}, 1_000);`,
    });
    const program = emulate(folder, '--app', 'node held.cjs && echo never');
    await expect.poll(() => existsSync(join(folder, 'begun')), { timeout: 20_000 }).toBe(true);
    program.process.kill('SIGTERM');
    expect(await program.exited).toBe(0);
    await expect.poll(() => existsSync(join(folder, 'ended')), { timeout: 20_000 }).toBe(true);
  });

  test('that nobody names is asked for in a line, with exit code 2', async () => {
    const program = emulate(scratchDirectory());
    expect(await program.exited).toBe(2);
    expect(program.stderr()).toMatch(/^--app is missing, and no cdk\.json here names one: .*\n$/);
  });

  test('that fails is told with all that it printed, and a line, with exit code 2', async () => {
    const folder = project('echo', { 'app.cjs': 'console.log(1);\nthrow new RangeError("no");' });
    const program = emulate(folder, '--app', 'node app.cjs');
    expect(await program.exited).toBe(2);
    expect(program.stderr()).toContain('at Module._compile');
    expect(program.stderr()).toMatch(/\n`node app\.cjs` ended with 1: RangeError: no\n$/);
  });

  test('whose cdk.json cannot be read is a line, with exit code 2', async () => {
    const program = emulate(project('echo', { 'cdk.json': '{ "app": ' }));
    expect(await program.exited).toBe(2);
    expect(program.stderr()).toMatch(/^\S+cdk\.json: it is not JSON\n$/);
  });
});

describe('--watch', () => {
  test('runs the app anew when a file of it is saved, and drops no socket', async () => {
    const folder = project('echo', { 'cdk.json': { app: 'node app.cjs' } });
    const { ask, hears } = await followed(folder);
    expect(await ask()).toBe('alice: HELLO!');
    writeFileSync(join(folder, 'echo/shout.js'), WHISPER);
    await hears(/^watch: new code: Echo\/EchoFunction$/m);
    expect(await ask()).toBe('alice: hello?');
  });

  test('says in one line that the app failed, goes on with the old code, and takes up the next save', async () => {
    const folder = project('echo', { 'cdk.json': { app: 'node app.cjs' } });
    const { ask, hears, program } = await followed(folder);
    const app = readFileSync(join(folder, 'app.cjs'), 'utf8');
    const before = program.stderr();
    writeFileSync(join(folder, 'app.cjs'), `${app}\nconst stack = 'twice';`);
    await hears(/^watch: the old code goes on: `node app\.cjs` ended with 1: SyntaxError: .*$/m);
    expect(program.stderr().slice(before.length).split('\n')).toEqual([
      expect.stringMatching(/^watch: /),
      '',
    ]);
    expect(await ask()).toBe('alice: HELLO!');
    writeFileSync(join(folder, 'echo/shout.js'), WHISPER);
    writeFileSync(join(folder, 'app.cjs'), app);
    await hears(/^watch: new code: /m);
    expect(await ask()).toBe('alice: hello?');
  });

  test("follows what cdk.json's watch includes, without what it excludes", async () => {
    const folder = project('echo', {
      'cdk.json': {
        app: 'node counted.cjs',
        watch: { include: ['echo', 'new'], exclude: ['**/*.md'] },
      },
      'counted.cjs': `
        require('node:fs').appendFileSync('runs', 'x');
        require('./app.cjs');`,
    });
    const { hears } = await followed(folder);
    writeFiles(folder, { 'echo/notes.md': 'not code', 'gate/notes.txt': 'not followed' });
    writeFiles(folder, { 'echo/.hidden': 'nor this', 'cdk.out/manifest.json': {} });
    writeFileSync(join(folder, 'echo/shout.js'), WHISPER);
    await hears(/^watch: new code: /m);
    expect(readFileSync(join(folder, 'runs'), 'utf8')).toBe('xx');
    // In a folder that was not there at the start.
    writeFiles(folder, { 'new/deep/file.js': '1' });
    await expect.poll(() => readFileSync(join(folder, 'runs'), 'utf8')).toBe('xxx');
  });

  test('does not run for a save that changes nothing, nor for ever for what the app itself writes', async () => {
    const folder = project('echo', {
      'cdk.json': { app: 'node built.cjs' },
      'built.cjs': `
        const { appendFileSync, writeFileSync } = require('node:fs');
        appendFileSync(process.env.RUNS ?? '.runs', 'x');
        writeFileSync('built.txt', 'the same each time');
        require('./app.cjs');`,
    });
    const { ask, hears } = await followed(folder);
    const runs = () => readFileSync(join(folder, '.runs'), 'utf8').length;
    writeFileSync(join(folder, 'echo/shout.js'), WHISPER);
    await hears(/^watch: new code: /m);
    // The first time that the file is seen to be written may count, and never again.
    writeFileSync(join(folder, 'echo/shout.js'), SHOUT);
    await expect.poll(async () => ask(), { timeout: 30_000 }).toBe('alice: HELLO!');
    writeFileSync(join(folder, 'echo/shout.js'), WHISPER);
    await expect.poll(async () => ask(), { timeout: 30_000 }).toBe('alice: hello?');
    expect(runs()).toBeLessThanOrEqual(5);
  });
});
