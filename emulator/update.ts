import type { Lambda } from './lambda/functions.ts';
import type { CloudModel, FunctionResource } from './model.ts';
import { readAssembly } from './template/assembly.ts';
import { writeInlineCode } from './template/inline-code.ts';
import { readModel } from './template/template.ts';

/**
 * What another assembly of the same app would change of a running cloud. Code can be replaced while it is at
 * work; anything else has been built upon, and is taken up by the next start.
 */
export interface Update {
  /** Functions whose code is another one. */
  readonly code: readonly FunctionResource[];
  /** One line for each resource that a restart would change, bring or take away. */
  readonly restart: readonly string[];
}

/** Takes up the code of functions from another assembly; the rest it only names. */
export function createUpdate(
  model: CloudModel,
  values: Readonly<Record<string, string>> = {},
  lambda: Pick<Lambda, 'deploy'>,
): (assembly: string) => Promise<Update> {
  let running = model;
  return async (assembly) => {
    const next = readModel(readAssembly(assembly), { values });
    await writeInlineCode(next.functions);
    const update = compareModels(running, next);
    for (const { name, codeDirectory } of update.code) lambda.deploy(name, codeDirectory);
    running = { ...model, functions: next.functions };
    return update;
  };
}

type Resource = { readonly path: string };

function compareModels(before: CloudModel, after: CloudModel): Update {
  const codeBefore = new Map(before.functions.map((fn) => [fn.path, codeOf(fn)]));
  return {
    code: after.functions.filter((fn) => {
      const known = codeBefore.get(fn.path);
      return known !== undefined && known !== codeOf(fn);
    }),
    restart: [
      ...compare('API', before.apis, after.apis),
      ...compare('HTTP API', before.httpApis, after.httpApis),
      ...compare('function', before.functions.map(withoutCode), after.functions.map(withoutCode)),
      ...compare('table', before.tables, after.tables),
      ...compare('queue', before.queues, after.queues),
      ...compare('event source mapping', before.mappings, after.mappings),
      ...compare('schedule', before.schedules, after.schedules),
      ...compare('event invoke config', before.eventInvokes, after.eventInvokes),
    ],
  };
}

/** Assets carry a hash of what is in them in their name. */
const codeOf = ({ codeDirectory, inlineCode }: FunctionResource) =>
  JSON.stringify([/[^/\\]*$/.exec(codeDirectory)?.[0], inlineCode]);

const withoutCode = (fn: FunctionResource): FunctionResource => ({
  ...fn,
  codeDirectory: '',
  inlineCode: {},
});

function compare(
  kind: string,
  before: readonly Resource[],
  after: readonly Resource[],
): readonly string[] {
  const was = new Map(before.map((one) => [one.path, JSON.stringify(one)]));
  const is = new Map(after.map((one) => [one.path, JSON.stringify(one)]));
  return [
    ...[...is].flatMap(([path, text]) => {
      const known = was.get(path);
      if (known === undefined) return [`${kind} ${path} is new`];
      return known === text ? [] : [`${kind} ${path} is changed`];
    }),
    ...[...was.keys()].flatMap((path) => (is.has(path) ? [] : [`${kind} ${path} is gone`])),
  ];
}
