import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as v from 'valibot';

import { fail } from './command.ts';

/**
 * What a project tells the CDK's own command in `cdk.json` and `cdk.context.json`, as far as it says how the
 * app is run and which of its files count. Not read: `~/.cdk.json`.
 */
export type CdkJson = v.InferOutput<typeof cdkJson>;

const patterns = v.optional(
  v.pipe(
    v.union([v.string(), v.array(v.string())]),
    v.transform((one) => [one].flat()),
  ),
  [],
);

const cdkJson = v.object({
  app: v.optional(
    v.pipe(
      v.union([v.string(), v.array(v.string())]),
      v.transform((words) => [words].flat().join(' ')),
    ),
  ),
  /** Run before the app. */
  build: v.optional(v.string()),
  output: v.optional(v.string(), 'cdk.out'),
  context: v.optional(v.record(v.string(), v.unknown()), {}),
  /** Glob patterns of files that count when they are saved, relative to the folder. */
  watch: v.optional(v.object({ include: patterns, exclude: patterns }), {}),
});

const contextJson = v.record(v.string(), v.unknown());

/** Reads both; where neither is, everything has its default. A file that cannot be used is one line. */
export function readCdkJson(folder: string): CdkJson {
  const project = read(join(folder, 'cdk.json'), cdkJson);
  const looked = read(join(folder, 'cdk.context.json'), contextJson);
  return { ...project, context: { ...project.context, ...looked } };
}

function read<Schema extends v.GenericSchema>(file: string, schema: Schema): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, existsSync(file) ? parse(file) : {});
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  return fail(`${file}: ${v.getDotPath(issue) ?? 'it'}: ${issue.message}`);
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as unknown;
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'it is not JSON' : 'it cannot be read';
    return fail(`${file}: ${reason}`);
  }
}
