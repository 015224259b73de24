import type { CloudModel } from '../model.ts';

/** The names that things of a cloud go by in the rules: construct path first, then name. */
export interface ResourceNames {
  table(name: string): readonly string[];
  queue(name: string): readonly string[];
  /** By name or ARN. */
  function(nameOrArn: string): readonly string[];
}

export function resourceNames({ tables, queues, functions }: CloudModel): ResourceNames {
  const tableNames = named(tables);
  const queueNames = named(queues);
  const functionNames = named(functions);
  return {
    table: (name) => tableNames.get(name) ?? [name],
    queue: (name) => queueNames.get(name) ?? [name],
    function(nameOrArn) {
      const name = nameOrArn.split(':')[6] ?? nameOrArn;
      return functionNames.get(name) ?? [name];
    },
  };
}

const named = (resources: readonly { readonly name: string; readonly path: string }[]) =>
  new Map(resources.map(({ name, path }) => [name, [path, name]]));
