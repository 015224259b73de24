import { join, resolve } from 'node:path';

import {
  AssemblyError,
  assetManifestSchema,
  kindOf,
  manifestSchema,
  readJson,
  templateSchema,
} from './assembly-files.ts';
import type { Artifact, Asset, Template } from './assembly-files.ts';
import { metadataSchema, pathsInMetadata, pathsInTemplate } from './construct-paths.ts';
import type { ConstructMetadata } from './construct-paths.ts';

export { AssemblyError } from './assembly-files.ts';

/**
 * A CDK cloud assembly (`cdk.out`) as it lies on the disk: its stacks with their templates, the code
 * they need, and where each resource stands in the construct tree. The assemblies of stages are read
 * with it. Nothing of a template is interpreted here (`template.ts` does that); Docker images, nested
 * stacks' templates and whatever else an assembly may hold are passed over.
 */
export interface Assembly {
  /** Absolute. */
  readonly directory: string;
  readonly stacks: readonly AssemblyStack[];
  /** What a deployment would upload, by S3 object key; of all stacks, since keys are hashes. */
  readonly assets: ReadonlyMap<string, Asset>;
}

export interface AssemblyStack {
  readonly name: string;
  readonly template: Template;
  /** Absent when the stack was synthesized for any account. */
  readonly account?: string;
  /** Absent when the stack was synthesized for any region. */
  readonly region?: string;
  /** Path in the construct tree by logical id, as far as the assembly tells it. */
  readonly paths: ReadonlyMap<string, string>;
}

/** Reads the assembly in `directory`; throws an `AssemblyError` when there is none or it is broken. */
export function readAssembly(directory: string): Assembly {
  const manifestFile = join(directory, 'manifest.json');
  if (kindOf(manifestFile) !== 'file') {
    throw new AssemblyError(`there is no cloud assembly in ${directory}: run cdk synth first`);
  }
  const artifacts = Object.entries(readJson(manifestFile, manifestSchema).artifacts);
  const nested = ofType(artifacts, 'cdk:cloud-assembly').flatMap(([, { properties }]) =>
    properties.directoryName === undefined
      ? []
      : [readAssembly(join(directory, properties.directoryName))],
  );
  const own = ofType(artifacts, 'aws:cloudformation:stack').map(([id, artifact]) =>
    readStack(directory, id, artifact),
  );
  const assets = ofType(artifacts, 'cdk:asset-manifest').flatMap(([, { properties }]) =>
    properties.file === undefined ? [] : readAssets(directory, properties.file),
  );
  return {
    directory: resolve(directory),
    stacks: [...own, ...nested.flatMap(({ stacks }) => stacks)],
    assets: new Map([...nested.flatMap(({ assets }) => [...assets]), ...assets]),
  };
}

const ofType = (artifacts: readonly [string, Artifact][], type: string) =>
  artifacts.filter(([, artifact]) => artifact.type === type);

function readStack(directory: string, id: string, artifact: Artifact): AssemblyStack {
  const { templateFile = `${id}.template.json`, stackName = id } = artifact.properties;
  const template = readJson(join(directory, templateFile), templateSchema);
  const [, account, region] = /^aws:\/\/([^/]+)\/(.+)$/.exec(artifact.environment ?? '') ?? [];
  return {
    name: stackName,
    template,
    ...(account === undefined || account === 'unknown-account' ? {} : { account }),
    ...(region === undefined || region === 'unknown-region' ? {} : { region }),
    paths: new Map([
      ...pathsInTemplate(template),
      ...pathsInMetadata(artifact.metadata, templateFile),
      ...pathsInMetadata(sideMetadata(directory, artifact), templateFile),
    ]),
  };
}

/** Since assembly 55 the metadata of a stack lies in a file of its own. */
function sideMetadata(directory: string, artifact: Artifact): ConstructMetadata {
  const file = artifact.additionalMetadataFile;
  return file === undefined ? {} : readJson(join(directory, file), metadataSchema);
}

function readAssets(directory: string, file: string): [string, Asset][] {
  const { files } = readJson(join(directory, file), assetManifestSchema);
  return Object.values(files).flatMap(({ source, destinations }) => {
    if (source.path === undefined) return [];
    const path = resolve(directory, source.path);
    const asset = { path, kind: kindOf(path) };
    return Object.values(destinations).map(({ objectKey }): [string, Asset] => [objectKey, asset]);
  });
}
