/**
 * The process of the embedded engine: started on a free port, ended with this process. Ctrl-C in a
 * terminal is left to this process alone; and should that be killed outright, a shell that waits on
 * a pipe ends the engine and removes its temporary data (not on Windows).
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

import { EngineError } from './engine-error.ts';

/** Another program may take a free port before the engine does. */
const START_ATTEMPTS = 5;
const START_MAX_MS = 10_000;

/** Milliseconds between SIGTERM and SIGKILL. */
const END_MAX_MS = 1000;

const isWindows = process.platform === 'win32';

export interface EngineProcess {
  readonly processId: number;
  readonly url: string;
  /** At once, without waiting. */
  kill(): void;
  end(): Promise<void>;
}

/** Starts the engine on a SQLite file; `temporary` is a directory that ends with it. */
export async function startProcess(
  binary: string,
  file: string,
  temporary?: string,
): Promise<EngineProcess> {
  const { child, url } = await startOnFreePort(binary, file, START_ATTEMPTS);
  const processId = child.pid as number;
  const unwatch = isWindows ? () => {} : watch(processId, temporary);
  child.once('exit', unwatch);
  return { processId, url, kill: () => void child.kill('SIGKILL'), end: () => end(child) };
}

/** `--port 0` would not tell which port it took, so one is looked for here. */
async function startOnFreePort(
  binary: string,
  file: string,
  attempts: number,
): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const port = await freePort();
  const child = spawn(binary, ['--db-path', file, '--port', String(port)], {
    stdio: ['ignore', 'ignore', 'pipe'],
    // A group of its own, or Ctrl-C would end it before the functions that still need it.
    detached: !isWindows,
  });
  const problem = await untilListening(child);
  if (problem === undefined) return { child, url: `http://127.0.0.1:${port}` };
  await end(child);
  if (attempts > 1 && problem.includes('in use')) {
    return startOnFreePort(binary, file, attempts - 1);
  }
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

/** The shell reads the end of its pipe when this process is gone; the answer ends the shell. */
function watch(processId: number, temporary: string | undefined): () => void {
  const remove = temporary === undefined ? [] : [temporary];
  const script = 'read -r _; kill -9 "$1"; shift; rm -rf "$@"';
  const watcher = spawn('/bin/sh', ['-c', script, 'sh', String(processId), ...remove], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  // Without a shell there is no watch, and nothing else is lost.
  watcher.on('error', () => {});
  watcher.unref();
  (watcher.stdin as Socket).unref();
  return () => void watcher.kill('SIGKILL');
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
