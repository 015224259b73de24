import * as v from 'valibot';

/**
 * Where resources stand in the construct tree, as far as an assembly tells it: in the metadata of the
 * stack (in the manifest, or since assembly 55 in a file of its own), or in that of each resource.
 */
export const metadataSchema = v.record(
  v.string(),
  v.array(v.object({ type: v.string(), data: v.optional(v.unknown()) })),
);

/** By construct path, what the CDK noted about it. */
export type ConstructMetadata = v.InferOutput<typeof metadataSchema>;

/** Of a template, the part that may tell paths. */
interface MarkedResources {
  readonly Resources: Readonly<
    Record<string, { readonly Metadata: Readonly<Record<string, unknown>> }>
  >;
}

/** Logical ids and paths that the resources themselves carry. */
export function pathsInTemplate({ Resources }: MarkedResources): [string, string][] {
  return Object.entries(Resources).flatMap(([logicalId, { Metadata }]) => {
    const path = Metadata['aws:cdk:path'];
    return typeof path === 'string' ? [[logicalId, path]] : [];
  });
}

/** Logical ids and paths of the resources in `templateFile`. */
export function pathsInMetadata(
  metadata: ConstructMetadata,
  templateFile: string,
): [string, string][] {
  const entries = Object.entries(metadata).flatMap(([path, marks]) =>
    marks.map(({ type, data }) => ({ path, type, data })),
  );
  // A nested stack has logical ids of its own, which may repeat those of the stack around it.
  const nested = entries
    .filter(({ type, data }) => type === 'aws:cdk:templateFile' && data !== templateFile)
    .map(({ path }) => `${path}/`);
  return entries
    .filter(({ path }) => !nested.some((prefix) => path.startsWith(prefix)))
    .flatMap(({ path, type, data }) =>
      type === 'aws:cdk:logicalId' && typeof data === 'string'
        ? [[data, path.replace(/^\//, '')]]
        : [],
    );
}
