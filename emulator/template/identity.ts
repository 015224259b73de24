import type { Template } from './assembly-files.ts';
import { arnIn } from './environment.ts';
import type { Environment } from './environment.ts';
import { resolve } from './intrinsics.ts';
import { Unresolved } from './unresolved.ts';
import type { Scope } from './intrinsic-scope.ts';
import { physicalName, shortId } from './resources/names.ts';
import type { KnownIdentity, ResourceType } from './resources/resource-type.ts';

/** What a resource is called here, and what others get when they refer to it. */
interface Owner {
  readonly stackName: string;
  readonly environment: Environment;
  readonly scope: Scope;
}

/** The identity of a resource of a type that the emulator runs. */
export function identityOf(
  logicalId: string,
  { Properties }: Template['Resources'][string],
  type: ResourceType<unknown>,
  { stackName, environment, scope }: Owner,
): KnownIdentity | Unresolved {
  const { property, limit, suffix } = type.name ?? { property: '', limit: 0 };
  const declared = Object.hasOwn(Properties, property) ? resolve(Properties[property], scope) : '';
  if (declared instanceof Unresolved) return declared;
  const name =
    typeof declared === 'string' && declared !== ''
      ? declared
      : physicalName(stackName, logicalId, limit, suffix?.(Properties));
  const id = (length: number) => shortId(stackName, logicalId, length);
  const { ref, attributes = {} } = type.identify({
    name,
    environment,
    declared: Properties,
    id,
  });
  return {
    name,
    ref,
    attribute: (name) => (Object.hasOwn(attributes, name) ? attributes[name] : undefined),
  };
}

/**
 * The identity of any other resource: nothing answers to it, but a function that merely mentions it
 * (in an environment variable, say) can run.
 */
export function standIn(
  logicalId: string,
  { Type }: Template['Resources'][string],
  { stackName, environment }: Owner,
): KnownIdentity {
  const name = `${stackName}-${logicalId}`;
  const service = (Type.split('::')[1] ?? Type).toLowerCase();
  return {
    name,
    ref: name,
    attribute: (attribute) =>
      attribute.endsWith('Arn') ? arnIn(environment, service, name) : `${name}.${attribute}`,
  };
}
