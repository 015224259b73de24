import { join } from 'node:path';

import type { Assembly, AssemblyStack } from './assembly.ts';
import { DEFAULT_ACCOUNT, DEFAULT_REGION, environmentOf } from './environment.ts';
import type { CloudModel } from '../model.ts';
import { readOutputs } from './outputs.ts';
import { resolveResources } from './resolution.ts';
import { api } from './resources/api.ts';
import { authorizer } from './resources/authorizer.ts';
import { eventInvokeConfig } from './resources/event-invoke-config.ts';
import { eventSourceMapping } from './resources/event-source-mapping.ts';
import { functionAlias, functionVersion, lambdaFunction } from './resources/function.ts';
import { integration } from './resources/integration.ts';
import { logGroup } from './resources/log-group.ts';
import { permission } from './resources/permission.ts';
import { managedPolicy, policy, rolePolicy } from './resources/policy.ts';
import { queue } from './resources/queue.ts';
import type { Cloud, ResolvedResource, ResourceType } from './resources/resource-type.ts';
import { role } from './resources/role.ts';
import { route, routeResponse } from './resources/route.ts';
import { rule, schedule } from './resources/schedule.ts';
import { deployment, stage } from './resources/stage.ts';
import { globalTable, table } from './resources/table.ts';
import { createScope } from './scope.ts';
import type { ScopeOptions, StackScope } from './scope.ts';

/**
 * From the templates of an assembly to the model the emulator runs. A resource that is not run, or
 * that has a value nobody can resolve, is named in `unsupported`; the rest goes on without it. A
 * resource type is added by a file in `resources/` and a line here.
 */
const resourceTypes: readonly ResourceType<unknown>[] = [
  api,
  authorizer,
  deployment,
  eventInvokeConfig,
  eventSourceMapping,
  functionAlias,
  functionVersion,
  globalTable,
  integration,
  lambdaFunction,
  logGroup,
  managedPolicy,
  permission,
  policy,
  queue,
  role,
  rolePolicy,
  route,
  routeResponse,
  rule,
  schedule,
  stage,
  table,
];

const typesByName: ReadonlyMap<string, ResourceType<unknown>> = new Map(
  resourceTypes.map((resourceType) => [resourceType.type, resourceType]),
);

export interface ModelOptions {
  /** Of stacks synthesized for any region; default: that of the first other stack, or us-east-1. */
  readonly region?: string;
  /** Of stacks synthesized for any account; default: as for the region, or 000000000000. */
  readonly account?: string;
  /**
   * Values of parameters by name, and of dynamic references by what stands after `resolve:`, e.g.
   * `ssm:/chat/origin`.
   */
  readonly values?: Readonly<Record<string, string>>;
  /** Where code written in a template goes; default: `.emulator` in the assembly. */
  readonly workDirectory?: string;
}

/** Reads the model; throws an `AssemblyError` when code that the assembly names is missing. */
export function readModel(assembly: Assembly, options: ModelOptions = {}): CloudModel {
  const { workDirectory = join(assembly.directory, '.emulator') } = options;
  const place = placeOf(assembly.stacks, options);
  const missing = new Set<string>();
  const onMissing = (name: string) => void missing.add(name);
  const { values = {} } = options;
  const scopes = createScopes(assembly.stacks, place, { values, onMissing });
  const resolutions = scopes.map((scope) => resolveResources(scope, typesByName));
  const resources = resolutions.flatMap(({ resources }) => resources);
  const cloud = createCloud(resources, { assets: assembly.assets, workDirectory });
  const contributions = resources.map(
    (resource) => typesByName.get(resource.type)?.read?.(resource, cloud) ?? {},
  );
  const outputs = readOutputs(scopes);
  return {
    ...place,
    apis: contributions.flatMap(({ apis = [] }) => apis),
    httpApis: contributions.flatMap(({ httpApis = [] }) => httpApis),
    functions: contributions.flatMap(({ functions = [] }) => functions),
    permissions: contributions.flatMap(({ permissions = [] }) => permissions),
    tables: contributions.flatMap(({ tables = [] }) => tables),
    queues: contributions.flatMap(({ queues = [] }) => queues),
    mappings: contributions.flatMap(({ mappings = [] }) => mappings),
    eventInvokes: contributions.flatMap(({ eventInvokes = [] }) => eventInvokes),
    schedules: contributions.flatMap(({ schedules = [] }) => schedules),
    outputs: outputs.values,
    unsupported: [...resolutions, ...contributions, outputs].flatMap(
      ({ unsupported = [] }) => unsupported,
    ),
    missingValues: [...missing],
  };
}

interface Place {
  readonly account: string;
  readonly region: string;
}

/** Where stacks live that were synthesized for any account or region. */
function placeOf(stacks: readonly AssemblyStack[], options: ModelOptions): Place {
  const account = stacks.find(({ account }) => account !== undefined)?.account;
  const region = stacks.find(({ region }) => region !== undefined)?.region;
  return {
    account: options.account ?? account ?? DEFAULT_ACCOUNT,
    region: options.region ?? region ?? DEFAULT_REGION,
  };
}

function createScopes(
  stacks: readonly AssemblyStack[],
  place: Place,
  given: Pick<ScopeOptions, 'values' | 'onMissing'>,
): StackScope[] {
  const scopes: StackScope[] = stacks.map((stack) => {
    const environment = environmentOf(stack.account ?? place.account, stack.region ?? place.region);
    return createScope({ ...given, stack, environment, types: typesByName, stacks: () => scopes });
  });
  return scopes;
}

function createCloud(
  resources: readonly ResolvedResource<unknown>[],
  rest: Pick<Cloud, 'assets' | 'workDirectory'>,
): Cloud {
  const byType = Map.groupBy(resources, ({ type }) => type);
  return {
    ...rest,
    // A resource has passed the schema of its type, so its properties are those of the type.
    all: <Properties>({ type }: ResourceType<Properties>) =>
      (byType.get(type) ?? []) as ResolvedResource<Properties>[],
    has: (type, ref) => (byType.get(type) ?? []).some(({ identity }) => identity.ref === ref),
  };
}
