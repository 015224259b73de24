/**
 * The embedded engine: dynoxide, one static binary from npm, run on a SQLite file. It is found when
 * it is needed, because it does not exist for every platform.
 *
 * Without a data directory the file lives in memory where the system offers that (`/dev/shm` halves
 * the time of a write) and is removed at the end.
 */
import { mkdirSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { createEndpoint, type Endpoint } from './client.ts';
import { EngineError } from './engine-error.ts';
import { type EngineProcess, startProcess } from './engine-process.ts';
import { prepareStreamTable, type Removal, type StreamTable } from './stream-table.ts';

/** The version whose private tables `stream-table.ts` knows. */
const VERSION = '1.2.1';

const FILE = 'dynamodb.sqlite';

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
  const temporary =
    dataDirectory === undefined ? mkdtempSync(join(temporaryRoot(), 'dynamodb-')) : undefined;
  const directory = dataDirectory ?? String(temporary);
  const clean = () => {
    if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true });
  };
  try {
    mkdirSync(directory, { recursive: true });
    const file = join(directory, FILE);
    const engine = await startProcess(binary, file, temporary);
    return open(engine, await prepare(engine, file), clean);
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
      `No embedded DynamoDB for ${platform}-${arch}: "npm install --no-save ${name}@${VERSION}" ` +
        'if it exists, or give an endpoint with --dynamodb URL',
    );
  }
}

async function prepare(engine: EngineProcess, file: string): Promise<StreamTable> {
  try {
    return prepareStreamTable(file);
  } catch (error) {
    await engine.end();
    throw new EngineError(`The embedded DynamoDB is not dynoxide ${VERSION}: ${String(error)}`);
  }
}

function open(engine: EngineProcess, streams: StreamTable, clean: () => void): Dynoxide {
  const { processId, url } = engine;
  const endpoint = createEndpoint(url);
  const killAtExit = () => {
    engine.kill();
    clean();
  };
  process.once('exit', killAtExit);
  let closed: Promise<void> | undefined;
  const close = async () => {
    endpoint.agent.destroy();
    streams.close();
    await engine.end();
    process.off('exit', killAtExit);
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

function temporaryRoot(): string {
  try {
    const { bavail, bsize } = statfsSync(MEMORY_DIRECTORY);
    return bavail * bsize >= MEMORY_MIN_BYTES ? MEMORY_DIRECTORY : tmpdir();
  } catch {
    return tmpdir();
  }
}
