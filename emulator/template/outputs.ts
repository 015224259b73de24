import { Unresolved } from './unresolved.ts';
import type { UnsupportedResource } from '../model.ts';
import type { StackScope } from './scope.ts';

/** The outputs of all stacks; those nobody can resolve are told apart. */
export interface Outputs {
  /** By name, or by `Stack.Name` where several stacks have outputs of that name. */
  readonly values: Readonly<Record<string, string>>;
  readonly unsupported: readonly UnsupportedResource[];
}

export function readOutputs(scopes: readonly StackScope[]): Outputs {
  const outputs = scopes.flatMap((scope) => outputsOf(scope));
  const names = outputs.map(({ name }) => name);
  const isShared = (name: string) => names.indexOf(name) !== names.lastIndexOf(name);
  const values: Record<string, string> = {};
  const unsupported: UnsupportedResource[] = [];
  for (const { stackName, name, path, value } of outputs) {
    if (value instanceof Unresolved) {
      unsupported.push({ type: 'Output', logicalId: name, path, reason: value.reason });
    } else {
      values[isShared(name) ? `${stackName}.${name}` : name] = String(value);
    }
  }
  return { values, unsupported };
}

function outputsOf(scope: StackScope) {
  const { name: stackName, template, paths } = scope.stack;
  return Object.entries(template.Outputs)
    .filter(([, declared]) => scope.exists(declared))
    .map(([name]) => ({
      stackName,
      name,
      path: paths.get(name) ?? name,
      value: scope.output(name),
    }));
}
