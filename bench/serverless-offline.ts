import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * serverless-offline with the echo handler of the emulator's bench, for its figures beside ours. It is
 * no dependency: npm installs it into a directory of its own, which goes with it. Its 14th version
 * wants a Serverless Framework that wants an account, so it is the last one before.
 */
const PACKAGES = ['serverless@3.40.0', 'serverless-offline@13.10.1'];
const INSTALL_MS = 180_000;

export interface ServerlessOffline {
  readonly url: string;
  /** From the command to the line that says where it listens. */
  readonly readyMs: number;
  close(): Promise<void>;
}

const configuration = ([websocketPort, httpPort, lambdaPort]: readonly number[]) =>
  JSON.stringify({
    service: 'echo',
    provider: {
      name: 'aws',
      runtime: 'nodejs20.x',
      websocketsApiRouteSelectionExpression: '$request.body.action',
    },
    plugins: ['serverless-offline'],
    custom: {
      'serverless-offline': { noPrependStageInUrl: true, websocketPort, httpPort, lambdaPort },
    },
    functions: {
      connect: { handler: 'index.connect', events: [{ websocket: { route: '$connect' } }] },
      echo: {
        handler: 'index.echo',
        events: [{ websocket: { route: 'echo', routeResponseSelectionExpression: '$default' } }],
      },
    },
  });

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function install(directory: string): boolean {
  writeFileSync(join(directory, 'package.json'), '{"private":true}');
  const { status } = spawnSync('npm', ['install', '--no-audit', '--no-fund', ...PACKAGES], {
    cwd: directory,
    timeout: INSTALL_MS,
  });
  return status === 0;
}

/** Undefined when it cannot be installed. `code` is a CommonJS module with `connect` and `echo`. */
export async function startServerlessOffline(code: string): Promise<ServerlessOffline | undefined> {
  const directory = mkdtempSync(join(tmpdir(), 'serverless-offline-'));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  if (!install(directory)) {
    remove();
    return undefined;
  }
  const ports = await Promise.all([freePort(), freePort(), freePort()]);
  writeFileSync(join(directory, 'serverless.json'), configuration(ports));
  writeFileSync(join(directory, 'index.js'), code);
  const startedAt = performance.now();
  const program = spawn(
    process.execPath,
    ['node_modules/serverless/bin/serverless.js', 'offline'],
    {
      cwd: directory,
      env: { ...process.env, SLS_TELEMETRY_DISABLED: '1' },
    },
  );
  const exited = once(program, 'exit');
  const listening = Promise.withResolvers<void>();
  // It is read to its end: a program whose output is closed dies of it.
  program.stdout.resume();
  program.stderr.on('data', (chunk: Buffer) => {
    if (chunk.includes('listening on ws')) listening.resolve();
  });
  void exited.then(() =>
    listening.reject(new Error('serverless-offline ended before it was ready')),
  );
  await listening.promise;
  return {
    url: `ws://localhost:${ports[0]}`,
    readyMs: performance.now() - startedAt,
    async close() {
      program.kill('SIGKILL');
      await exited;
      remove();
    },
  };
}
