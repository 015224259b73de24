import { readFileSync, statSync } from 'node:fs';

import * as v from 'valibot';

import { metadataSchema } from './construct-paths.ts';

/**
 * The files of a cloud assembly: the shapes of those that are read, as far as they matter here, and
 * one clear line for those that are missing or broken.
 */
/** An assembly that cannot be read; the message is one line for its user. */
export class AssemblyError extends Error {
  override readonly name = 'AssemblyError';
}

const record = <Value extends v.GenericSchema>(value: Value) =>
  v.optional(v.record(v.string(), value), {});

export const templateSchema = v.object({
  Resources: record(
    v.object({
      Type: v.string(),
      Condition: v.optional(v.string()),
      Properties: record(v.unknown()),
      Metadata: record(v.unknown()),
    }),
  ),
  Parameters: record(
    v.object({
      Type: v.string(),
      Default: v.optional(v.union([v.string(), v.number(), v.boolean()])),
    }),
  ),
  Conditions: record(v.unknown()),
  Mappings: record(v.record(v.string(), v.record(v.string(), v.unknown()))),
  Outputs: record(
    v.object({
      Value: v.unknown(),
      Condition: v.optional(v.string()),
      Export: v.optional(v.object({ Name: v.unknown() })),
    }),
  ),
});

/** The sections of a CloudFormation template that matter here, intrinsics not yet resolved. */
export type Template = v.InferOutput<typeof templateSchema>;

const artifactSchema = v.object({
  type: v.string(),
  environment: v.optional(v.string()),
  metadata: v.optional(metadataSchema, {}),
  additionalMetadataFile: v.optional(v.string()),
  properties: v.optional(
    v.object({
      templateFile: v.optional(v.string()),
      stackName: v.optional(v.string()),
      directoryName: v.optional(v.string()),
      file: v.optional(v.string()),
    }),
    {},
  ),
});

export const manifestSchema = v.object({ artifacts: record(artifactSchema) });

export const assetManifestSchema = v.object({
  files: record(
    v.object({
      // A source may also be a command that makes the file; the CDK's own constructs never use one.
      source: v.object({ path: v.optional(v.string()) }),
      destinations: v.record(v.string(), v.object({ objectKey: v.string() })),
    }),
  ),
});

export type Artifact = v.InferOutput<typeof artifactSchema>;

/** What a deployment would upload. */
export interface Asset {
  /** Absolute. */
  readonly path: string;
  /** `missing`: the assembly names it, but it is not there. */
  readonly kind: 'directory' | 'file' | 'missing';
}

export function kindOf(path: string): Asset['kind'] {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return 'missing';
  return found.isDirectory() ? 'directory' : 'file';
}

/** Reads a file of JSON of this shape, or throws an `AssemblyError`. */
export function readJson<Schema extends v.GenericSchema>(
  file: string,
  schema: Schema,
): v.InferOutput<Schema> {
  if (kindOf(file) !== 'file') {
    throw new AssemblyError(`${file} is missing from the cloud assembly: run cdk synth again`);
  }
  const parsed = v.safeParse(schema, parseJson(file));
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new AssemblyError(`${file} is malformed: ${v.getDotPath(issue) ?? 'it'}: ${issue.message}`);
}

function parseJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message.replaceAll(/\s+/g, ' ') : String(error);
    throw new AssemblyError(`${file} is not JSON: ${reason}`, { cause: error });
  }
}
