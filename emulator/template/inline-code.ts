import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { FunctionResource } from '../model.ts';

/** Writes the code that stands in templates to the directories from which it will be run. */
export async function writeInlineCode(functions: readonly FunctionResource[]): Promise<void> {
  for (const { codeDirectory, inlineCode = {} } of functions) {
    for (const [file, source] of Object.entries(inlineCode)) {
      await mkdir(codeDirectory, { recursive: true });
      await writeFile(join(codeDirectory, file), source);
    }
  }
}
