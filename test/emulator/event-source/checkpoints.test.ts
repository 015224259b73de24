import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { fileCheckpoints, memoryCheckpoints } from '../../../emulator/event-source/checkpoints.ts';

let directory: string;
let path: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'checkpoints-'));
  path = join(directory, 'positions.json');
});

afterEach(() => rm(directory, { recursive: true }));

describe('checkpoints', () => {
  test('keep the last position of each mapping and shard', () => {
    const checkpoints = memoryCheckpoints();
    expect(checkpoints.get('m', 's')).toBeUndefined();
    checkpoints.set('m', 's', '1');
    checkpoints.set('m', 's', '2');
    checkpoints.set('m', 'other', '3');
    expect(checkpoints.get('m', 's')).toBe('2');
    expect(checkpoints.get('m', 'other')).toBe('3');
    expect(checkpoints.get('n', 's')).toBeUndefined();
  });

  test('on a file outlive the process, however fast they came', async () => {
    const checkpoints = fileCheckpoints(path);
    for (let position = 0; position <= 1000; position += 1) {
      checkpoints.set('m', `s${position % 3}`, String(position));
    }
    await checkpoints.close();
    const again = fileCheckpoints(path);
    expect(['s0', 's1', 's2'].map((shard) => again.get('m', shard))).toEqual([
      '999',
      '1000',
      '998',
    ]);
    expect(await readdir(directory)).toEqual(['positions.json']);
  });

  test('on a file are written again after a close', async () => {
    const checkpoints = fileCheckpoints(path);
    checkpoints.set('m', 's', '1');
    await checkpoints.close();
    checkpoints.set('m', 's', '2');
    await checkpoints.close();
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ m: { s: '2' } });
  });

  test('on a file that holds something else refuse to begin, and name it', async () => {
    await writeFile(path, 'not JSON');
    expect(() => fileCheckpoints(path)).toThrow(`${path} holds no stream positions`);
  });
});
