import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { TestProject } from 'vitest/node';

import { synthesize } from '../../bin/local-chat.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Directory of Parley's cloud assembly, synthesized once for the run. */
    readonly assembly: string;
  }
}

export default function setup(project: TestProject): () => void {
  const directory = mkdtempSync(join(tmpdir(), 'parley-test-'));
  project.provide('assembly', synthesize(directory));
  return () => rmSync(directory, { recursive: true, force: true });
}
