import { readFileSync } from 'node:fs';

import { fail } from './command.ts';

/**
 * Parameters by name, and dynamic references by what stands after `resolve:` (`--values FILE`): an
 * object of texts, numbers and flags in JSON. A file that cannot be used is one clear line.
 */
export function valuesOption(file: string | undefined): Readonly<Record<string, string>> {
  if (file === undefined) return {};
  const values = readJson(file);
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    fail(`--values ${file}: it must hold a JSON object of names and values`);
  }
  return Object.fromEntries(
    Object.entries(values).map(([name, value]: [string, unknown]) => [
      name,
      ['string', 'number', 'boolean'].includes(typeof value)
        ? String(value)
        : fail(`--values ${file}: the value of ${name} must be a text, a number or a flag`),
    ]),
  );
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as unknown;
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'it is not JSON' : 'it cannot be read';
    return fail(`--values ${file}: ${reason}`);
  }
}
