import * as v from 'valibot';

import { resolve } from './intrinsics.ts';
import { Unresolved } from './unresolved.ts';
import type { UnsupportedResource } from '../model.ts';
import { inertTypes } from './resources/inert.ts';
import type { ResolvedResource, ResourceType } from './resources/resource-type.ts';
import type { StackScope } from './scope.ts';

/** The resources of a stack: those that can be read, and those that cannot, with the reason. */
export interface Resolution {
  readonly resources: readonly ResolvedResource<unknown>[];
  readonly unsupported: readonly UnsupportedResource[];
}

/**
 * Resolves the resources of one stack and checks their shapes against their types. Those ruled out by
 * a condition are not there at all; those of inert types are passed over.
 */
export function resolveResources(
  scope: StackScope,
  types: ReadonlyMap<string, ResourceType<unknown>>,
): Resolution {
  const { template, paths } = scope.stack;
  const resources: ResolvedResource<unknown>[] = [];
  const unsupported: UnsupportedResource[] = [];
  for (const [logicalId, declared] of Object.entries(template.Resources)) {
    if (inertTypes.has(declared.Type) || !scope.exists(declared)) continue;
    const place = { type: declared.Type, logicalId, path: paths.get(logicalId) ?? logicalId };
    const type = types.get(declared.Type);
    if (type === undefined) {
      const identity = scope.identity(logicalId);
      unsupported.push(
        identity instanceof Unresolved ? place : { ...place, placeholder: identity.ref },
      );
      continue;
    }
    const resolved = resolveResource(logicalId, type, scope);
    if (resolved instanceof Unresolved) unsupported.push({ ...place, reason: resolved.reason });
    else resources.push({ ...place, environment: scope.environment, ...resolved });
  }
  return { resources, unsupported };
}

function resolveResource(
  logicalId: string,
  type: ResourceType<unknown>,
  scope: StackScope,
): Pick<ResolvedResource<unknown>, 'identity' | 'properties'> | Unresolved {
  const declared = scope.stack.template.Resources[logicalId];
  const condition = declared?.Condition === undefined || scope.condition(declared.Condition);
  if (condition instanceof Unresolved) return condition;
  const identity = scope.identity(logicalId);
  if (identity instanceof Unresolved) return identity;
  const values = resolve(declared?.Properties, scope);
  if (values instanceof Unresolved) return values;
  const parsed = v.safeParse(type.properties, values);
  if (parsed.success) return { identity, properties: parsed.output };
  const [issue] = parsed.issues;
  return new Unresolved(`${v.getDotPath(issue) ?? 'Properties'}: ${issue.message}`);
}
