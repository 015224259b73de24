import type { AssemblyStack } from './assembly.ts';
import type { Environment } from './environment.ts';
import { identityOf, standIn } from './identity.ts';
import { resolve } from './intrinsics.ts';
import { Unresolved } from './unresolved.ts';
import type { Scope } from './intrinsic-scope.ts';
import { parameterValue, pseudoParameters, referenceName } from './parameters.ts';
import type { KnownIdentity, ResourceType } from './resources/resource-type.ts';

/**
 * What names mean in the template of one stack: pseudo parameters, parameters, resources, conditions,
 * mappings, and the outputs of all stacks. Everything is looked up when it is asked for and then kept,
 * so the order of a template does not matter; what refers to itself is `Unresolved`.
 */
export interface StackScope extends Scope {
  readonly stack: AssemblyStack;
  readonly environment: Environment;
  /** False when the condition of a resource or an output rules it out. */
  exists(declaration: { readonly Condition?: string | undefined }): boolean;
  identity(logicalId: string): KnownIdentity | Unresolved;
  /** The resolved value of an output. */
  output(name: string): unknown;
  /** The resolved value of the output that is exported under this name; undefined if none is. */
  exportOf(name: string): unknown;
}

export interface ScopeOptions {
  readonly stack: AssemblyStack;
  readonly environment: Environment;
  /** The resource types that are run, by name. */
  readonly types: ReadonlyMap<string, ResourceType<unknown>>;
  /** Values of parameters and dynamic references, by name. */
  readonly values: Readonly<Record<string, string>>;
  /** Hears the name of each value that is asked for and not given. */
  readonly onMissing: (name: string) => void;
  /** The scopes of all stacks, once they are made; this one is among them. */
  readonly stacks: () => readonly StackScope[];
}

export function createScope(options: ScopeOptions): StackScope {
  const { stack, environment, values, onMissing } = options;
  const { Conditions, Mappings, Outputs } = stack.template;
  const scope: StackScope = {
    stack,
    environment,
    region: environment.region,
    ...namesIn(options, () => scope),
    ...otherStacks(options),
    condition: lazily((name) =>
      Object.hasOwn(Conditions, name)
        ? resolve(Conditions[name], scope)
        : new Unresolved(`there is no condition ${name}`),
    ),
    mapping: (name, topKey, secondKey) => Mappings[name]?.[topKey]?.[secondKey],
    dynamicReference(name) {
      const short = referenceName(name);
      const given = [name, short].find((each) => Object.hasOwn(values, each));
      if (given === undefined) onMissing(short);
      return given === undefined ? undefined : values[given];
    },
    exists: ({ Condition }) => Condition === undefined || scope.condition(Condition) !== false,
    output: lazily((name) => {
      const output = Outputs[name];
      return output === undefined || !scope.exists(output)
        ? new Unresolved(`${stack.name} has no output ${name}`)
        : resolve(output.Value, scope);
    }),
    exportOf(name) {
      const exported = Object.entries(Outputs).find(
        ([, output]) => scope.exists(output) && resolve(output.Export?.Name, scope) === name,
      );
      return exported && scope.output(exported[0]);
    },
  };
  return scope;
}

/** What `Ref` and `Fn::GetAtt` find. */
function namesIn(
  { stack, environment, types, values, onMissing }: ScopeOptions,
  scope: () => StackScope,
) {
  const { Parameters, Resources } = stack.template;
  const pseudo = pseudoParameters(stack.name, environment);
  const identity = lazily<KnownIdentity>((logicalId) => {
    const declared = Object.hasOwn(Resources, logicalId) ? Resources[logicalId] : undefined;
    if (declared === undefined || !scope().exists(declared)) {
      return new Unresolved(`there is no ${logicalId} in the template`);
    }
    const type = types.get(declared.Type);
    const owner = { stackName: stack.name, environment, scope: scope() };
    return type === undefined
      ? standIn(logicalId, declared, owner)
      : identityOf(logicalId, declared, type, owner);
  });
  return {
    identity,
    reference(name: string): unknown {
      if (pseudo.has(name)) return pseudo.get(name);
      const parameter = Object.hasOwn(Parameters, name) ? Parameters[name] : undefined;
      if (parameter !== undefined) {
        const value = parameterValue(name, parameter, values);
        if (value instanceof Unresolved) onMissing(name);
        return value;
      }
      const found = identity(name);
      return found instanceof Unresolved ? found : found.ref;
    },
    attribute(logicalId: string, attribute: string): unknown {
      const found = identity(logicalId);
      if (found instanceof Unresolved) return found;
      return found.attribute(attribute) ?? new Unresolved(`${logicalId} has no ${attribute}`);
    },
  };
}

/** What other stacks of the assembly hand over; exports are seen in one region of one account. */
function otherStacks({ environment, stacks }: ScopeOptions) {
  return {
    exported(name: string): unknown {
      const values = stacks()
        .filter((other) => other.environment.account === environment.account)
        .filter((other) => other.region === environment.region)
        .map((other) => other.exportOf(name));
      return (
        values.find((value) => value !== undefined) ?? new Unresolved(`no stack exports ${name}`)
      );
    },
    stackOutput(stackName: string, outputName: string, region: string): unknown {
      const other = stacks().find(
        (other) => other.stack.name === stackName && other.region === region,
      );
      return other?.output(outputName) ?? new Unresolved(`there is no stack ${stackName}`);
    },
  };
}

/** Computes each value once; one that needs itself on the way is `Unresolved`. */
function lazily<Value>(
  compute: (key: string) => Value | Unresolved,
): (key: string) => Value | Unresolved {
  const known = new Map<string, Value | Unresolved>();
  return (key) => {
    const value = known.get(key);
    if (value !== undefined) return value;
    known.set(key, new Unresolved(`${key} refers to itself`));
    const computed = compute(key);
    known.set(key, computed);
    return computed;
  };
}
