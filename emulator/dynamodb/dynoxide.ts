/**
 * The embedded engine: dynoxide, one static binary from npm, run as a child process on a SQLite file.
 * It is found when it is needed, because it does not exist for every platform.
 *
 * Without a data directory the file lives in memory where the system offers that (`/dev/shm` halves
 * the time of a write) and is removed at the end. The engine ends with this process, unless that is
 * killed outright.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { createEndpoint, type Endpoint } from './client.ts';
import { EngineError } from './engine-error.ts';
import { prepareStreamTable, type Removal, type StreamTable } from './stream-table.ts';

/** The version whose private tables `stream-table.ts` knows. */
const VERSION = '1.2.1';

const FILE = 'dynamodb.sqlite';

/** Another program may take a free port before the engine does. */
const START_ATTEMPTS = 5;
const START_MAX_MS = 10_000;

/** Milliseconds between SIGTERM and SIGKILL. */
const END_MAX_MS = 1000;

const MEMORY_DIRECTORY = '/dev/shm';
/** With less, as in a container's default of 64 MB, data would soon not fit. */
const MEMORY_MIN_BYTES = 1024 ** 3;

export interface Dynoxide extends Endpoint {
  readonly embedded: true;
  readonly processId: number;
  markRemovals(removal: Removal): () => void;
  close(): Promise<void>;
}

export async function startDynoxide(dataDirectory?: string): Promise<Dynoxide> {
  const binary = findBinary(process.platform, process.arch);
  const directory = dataDirectory ?? mkdtempSync(join(temporaryRoot(), 'dynamodb-'));
  const clean = () => {
    if (dataDirectory === undefined) rmSync(directory, { recursive: true, force: true });
  };
  try {
    mkdirSync(directory, { recursive: true });
    const file = join(directory, FILE);
    const running = await startOnFreePort(binary, file, START_ATTEMPTS);
    return open(running, file, clean);
  } catch (error) {
    clean();
    throw error;
  }
}

/** The binary of the package for a platform, as Node names platforms. */
export function findBinary(platform: string, arch: string): string {
  const name = `@dynoxide/${platform}-${arch}`;
  try {
    const directory = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
    return join(directory, platform === 'win32' ? 'dynoxide.exe' : 'dynoxide');
  } catch {
    throw new EngineError(
      `No embedded DynamoDB for ${platform}-${arch}: ` +
        `"npm install --no-save ${name}@${VERSION}" if it exists, or give an endpoint with --dynamodb URL`,
    );
  }
}

interface Running {
  readonly child: ChildProcess;
  readonly processId: number;
  readonly url: string;
}

/** `--port 0` would not tell which port it took, so one is looked for here. */
async function startOnFreePort(binary: string, file: string, attempts: number): Promise<Running> {
  const port = await freePort();
  const child = spawn(binary, ['--db-path', file, '--port', String(port)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const problem = await untilListening(child);
  if (problem === undefined) {
    return { child, processId: child.pid as number, url: `http://127.0.0.1:${port}` };
  }
  await end(child);
  if (attempts > 1 && problem.includes('in use'))
    return startOnFreePort(binary, file, attempts - 1);
  throw new EngineError(`The embedded DynamoDB (${binary}) does not start: ${problem}`);
}

/** Resolves when the process itself says that it listens, or with the one line that says why not. */
function untilListening(child: ChildProcess): Promise<string | undefined> {
  let said = '';
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(`silent for ${START_MAX_MS} ms`), START_MAX_MS);
    const settle = (problem?: string) => {
      clearTimeout(timer);
      resolve(problem);
    };
    child.on('error', (error) => settle(error.message));
    child.on('close', () => settle(said.trim().split('\n').at(-1) ?? ''));
    child.stderr?.on('data', (chunk: Buffer) => {
      said = `${said}${chunk.toString()}`.slice(-1000);
      if (/listening on/i.test(said)) settle();
    });
  });
}

function open({ child, processId, url }: Running, file: string, clean: () => void): Dynoxide {
  const endpoint = createEndpoint(url);
  const killAtExit = () => {
    child.kill('SIGKILL');
    clean();
  };
  process.once('exit', killAtExit);
  let streams: StreamTable;
  try {
    streams = prepareStreamTable(file);
  } catch (error) {
    process.off('exit', killAtExit);
    child.kill('SIGKILL');
    throw new EngineError(`The embedded DynamoDB is not dynoxide ${VERSION}: ${String(error)}`);
  }
  let closed: Promise<void> | undefined;
  const close = async () => {
    process.off('exit', killAtExit);
    endpoint.agent.destroy();
    streams.close();
    await end(child);
    clean();
  };
  return {
    ...endpoint,
    embedded: true,
    processId,
    markRemovals: (removal) => streams.markRemovals(removal),
    close: () => (closed ??= close()),
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), END_MAX_MS);
  await exited;
  clearTimeout(timer);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function temporaryRoot(): string {
  try {
    const { bavail, bsize } = statfsSync(MEMORY_DIRECTORY);
    return bavail * bsize >= MEMORY_MIN_BYTES ? MEMORY_DIRECTORY : tmpdir();
  } catch {
    return tmpdir();
  }
}
