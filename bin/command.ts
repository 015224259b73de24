import { basename } from 'node:path';

import { AssemblyError, EngineError, PortInUse } from '../emulator/index.ts';

/** What the commands share: one clear line and exit code 2 for what a person can mend. */
export function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

/** How a command is called: by the package's own name, or by npm in the repository. */
export const calledAs = (name: string): string =>
  /^parley(\.\w+)?$/.test(basename(process.argv[1] ?? ''))
    ? `parley ${name}`
    : `npm run ${name} --`;

/**
 * Runs a command; `--help` shows how it is used, and a wrong option, a port in use or a missing assembly
 * is one line, not a stack.
 */
export async function runCommand(usage: string, command: () => Promise<void>): Promise<void> {
  if (process.argv.slice(2).includes('--help')) {
    process.stdout.write(`Usage: ${usage}\n`);
    return;
  }
  try {
    await command();
  } catch (error) {
    if (
      error instanceof AssemblyError ||
      error instanceof EngineError ||
      error instanceof PortInUse
    ) {
      fail(error.message);
    }
    if (isOptionError(error)) fail(`${error.message}\nUsage: ${usage}`);
    throw error;
  }
}

const isOptionError = (error: unknown): error is Error =>
  error instanceof TypeError &&
  'code' in error &&
  typeof error.code === 'string' &&
  error.code.startsWith('ERR_PARSE_ARGS');

/** A port from 0 (any free one) to 65535. */
export function portOption(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    fail(`--port must be a number from 0 to 65535, not ${JSON.stringify(text)}`);
  }
  return port;
}

/** Ends what runs, and the process, on SIGINT and SIGTERM: sockets are closed with 1001, exit code 0. */
export function exitOnSignal(running: { close(): Promise<void> }): void {
  let ending = false;
  const end = () => {
    if (ending) return;
    ending = true;
    // Whatever does not end by itself ends with the process, within the two seconds promised.
    setTimeout(() => process.exit(0), EXIT_MS).unref();
    running.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
}

const EXIT_MS = 1_800;
