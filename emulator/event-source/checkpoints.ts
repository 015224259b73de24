/**
 * How far each mapping has come in each shard. A position is the number of a record after which the
 * mapping goes on, or `TRIM_HORIZON` while it stands before a shard's first.
 *
 * On a file, positions outlive the process together with the data they point into (keep and delete
 * both together). The file is replaced whole by a rename, so a crash leaves the old one or the new
 * one; the last few positions may be lost, and their records come again, as on AWS.
 */
import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';

export interface Checkpoints {
  get(mappingId: string, shardId: string): string | undefined;
  set(mappingId: string, shardId: string, position: string): void;
}

export interface CheckpointFile extends Checkpoints {
  /** Resolves when all that was set before is on the disk. */
  close(): Promise<void>;
}

type Positions = Map<string, Map<string, string>>;

/** Positions that end with the process. */
export function memoryCheckpoints(): Checkpoints {
  return overPositions(new Map(), () => {});
}

/**
 * Positions in the JSON file at `path`, whose directory must exist. A missing file is empty; one
 * that cannot be understood throws with its path.
 */
export function fileCheckpoints(path: string): CheckpointFile {
  const positions = readPositions(path);
  let dirty = false;
  let writing: Promise<void> = Promise.resolve();
  let busy = false;
  // One write at a time; whatever is set meanwhile goes into the next one, all at once.
  const writeAll = async () => {
    busy = true;
    try {
      while (dirty) {
        dirty = false;
        await replaceFile(path, positions);
      }
    } finally {
      busy = false;
    }
  };
  const changed = () => {
    dirty = true;
    if (!busy) writing = writeAll();
  };
  return { ...overPositions(positions, changed), close: () => writing };
}

function overPositions(positions: Positions, changed: () => void): Checkpoints {
  return {
    get: (mappingId, shardId) => positions.get(mappingId)?.get(shardId),
    set(mappingId, shardId, position) {
      const shards = positions.get(mappingId) ?? new Map<string, string>();
      positions.set(mappingId, shards);
      if (shards.get(shardId) === position) return;
      shards.set(shardId, position);
      changed();
    },
  };
}

async function replaceFile(path: string, positions: Positions): Promise<void> {
  const plain = Object.fromEntries(
    [...positions].map(([mappingId, shards]) => [mappingId, Object.fromEntries(shards)]),
  );
  const temporary = `${path}.${process.pid}.tmp`;
  await writeFile(temporary, `${JSON.stringify(plain, undefined, 2)}\n`);
  await rename(temporary, path);
}

function readPositions(path: string): Positions {
  try {
    const plain = JSON.parse(readFileSync(path, 'utf8')) as Record<string, Record<string, string>>;
    return new Map(
      Object.entries(plain).map(([id, shards]) => [id, new Map(Object.entries(shards))]),
    );
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return new Map();
    throw new Error(`${path} holds no stream positions; delete it to start over`, { cause: error });
  }
}
