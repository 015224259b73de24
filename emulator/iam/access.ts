import type { Principal } from './principal.ts';
import type { AccessRequest, Verdict } from './verdict.ts';
import { permits } from '../lambda/permission.ts';
import type { Log } from '../log.ts';
import type { CloudModel, FunctionResource, Role } from '../model.ts';
import { unknownConditions } from './conditions.ts';
import { type Grant, grantName, grantsOf, isFor, without } from './grants.ts';

/**
 * What one cloud makes of IAM's verdicts: enforces them, only warns, or asks nobody; and the record of
 * what was asked, from which follows which grants nothing needs. A grant can be withdrawn while the
 * cloud runs, to see what it is for.
 */
export type IamMode = 'off' | 'warn' | 'enforce';

export const IAM_MODES: readonly IamMode[] = ['off', 'warn', 'enforce'];

/** Something that was asked, each question once. */
export interface AccessCheck extends AccessRequest {
  /** A call of a function was judged by its role; an invocation of it by its permissions. */
  readonly kind: 'call' | 'invocation';
  readonly functionName: string;
  readonly allowed: boolean;
}

/** For tests, and for people who want least rights. */
export interface Iam {
  readonly mode: IamMode;
  /** Every right that the template gives, action by action and resource by resource. */
  grants(): readonly Grant[];
  /** Takes a grant away; the answer gives it back. */
  withdraw(grant: Grant): () => void;
  /** What was asked since the start or `reset`, in order of the first time. */
  checks(): readonly AccessCheck[];
  /** Grants that nothing asked for has needed. */
  unused(): readonly Grant[];
  /** Forgets what was asked. */
  reset(): void;
}

export interface Access {
  readonly iam: Iam;
  /** The role as it is now, under this cloud's mode. */
  readonly principal: (functionName: string, role: Role) => Principal & { readonly kind: 'role' };
  /** May a service invoke a function? */
  readonly admits: (fn: FunctionResource, caller: Caller) => boolean;
}

interface Caller {
  readonly service: string;
  readonly sourceArn: string;
}

export function createAccess(options: {
  readonly model: CloudModel;
  readonly mode: IamMode;
  readonly log: Log;
}): Access {
  const { model, mode, log } = options;
  const grants = grantsOf(model);
  const withdrawn = new Set<Grant>();
  const checks = createChecks();
  if (mode !== 'off') tellUnknown(model, log);
  const describe = describer(model);

  const oversee = (functionName: string, request: AccessRequest, verdict: Verdict): Verdict => {
    if (mode === 'off') return { allowed: true };
    checks.add({ kind: 'call', functionName, ...request, allowed: verdict.allowed });
    if (verdict.allowed) return verdict;
    const hint = `${verdict.hint} ${describe(functionName, request.resource)}`.trim();
    if (mode === 'enforce') return { ...verdict, hint };
    log(functionName, `AWS would refuse this: ${verdict.message}; missing: ${hint}`);
    return { allowed: true };
  };
  return {
    principal: (functionName, role) => ({
      kind: 'role',
      role: without(role, [...withdrawn]),
      functionName,
      oversee: (request, verdict) => oversee(functionName, request, verdict),
    }),
    admits(fn, caller) {
      const left = [...withdrawn].map((grant) => grant.kind === 'permission' && grant.permission);
      const allowed = permits(
        model.permissions.filter((permission) => !left.includes(permission)),
        fn,
        caller,
      );
      if (mode === 'off') return true;
      checks.add({
        kind: 'invocation',
        functionName: fn.name,
        action: 'lambda:InvokeFunction',
        resource: caller.sourceArn,
        allowed,
      });
      if (!allowed && mode === 'warn') {
        log(fn.name, `AWS would not let ${caller.service} invoke it from ${caller.sourceArn}`);
      }
      return allowed || mode === 'warn';
    },
    iam: {
      mode,
      grants: () => grants,
      withdraw(grant) {
        const same = grants.filter((other) => grantName(other) === grantName(grant));
        for (const each of same) withdrawn.add(each);
        return () => {
          for (const each of same) withdrawn.delete(each);
        };
      },
      checks: () => checks.list(),
      unused: () => grants.filter((grant) => !checks.list().some((it) => needs(it, grant, model))),
      reset: () => checks.clear(),
    },
  };
}

/** Did a check need this grant? */
function needs(check: AccessCheck, grant: Grant, { functions }: CloudModel): boolean {
  const fn = functions.find(({ name }) => name === check.functionName);
  if (fn === undefined) return false;
  if (grant.kind === 'action') {
    const ofRole = check.kind === 'call' && fn.role.name === grant.role;
    return ofRole && isFor(grant, check.action, check.resource);
  }
  const { permission } = grant;
  const service = permission.principal;
  return (
    check.kind === 'invocation' && permits([permission], fn, { service, sourceArn: check.resource })
  );
}

/** Each question once: what a busy cloud asks again and again takes no more room. */
function createChecks() {
  const seen = new Map<string, AccessCheck>();
  return {
    add(check: AccessCheck) {
      const { kind, functionName, action, resource, allowed } = check;
      const what = withoutId(resource);
      seen.set([kind, functionName, action, what, allowed].join(' '), { ...check, resource: what });
    },
    list: () => [...seen.values()],
    clear: () => seen.clear(),
  };
}

/** A connection has an id of its own: those of one stage are one. */
const withoutId = (resource: string) => resource.replace(/(\/@connections\/).*$/, '$1*');

function tellUnknown({ functions }: CloudModel, log: Log): void {
  const roles = new Map(functions.map(({ role }) => [role.arn, role]));
  for (const line of [...roles.values()].flatMap(unknownConditions)) log('emulator', line);
}

/** Where what a hint speaks of stands in the construct tree. */
function describer({ functions, tables, queues }: CloudModel) {
  const fns = new Map(functions.map(({ name, path }) => [name, path]));
  const others = [
    ...tables.map(({ arn, path }) => ({ what: 'table', arn, path })),
    ...queues.map(({ arn, path }) => ({ what: 'queue', arn, path })),
    ...functions.map(({ arn, path }) => ({ what: 'invoked', arn, path })),
  ];
  return (functionName: string, resource: string): string => {
    const found = others.find(({ arn }) => resource === arn || resource.startsWith(`${arn}/`));
    const named = [
      ...(found === undefined ? [] : [`${found.what}: ${construct(found.path)}`]),
      `fn: ${construct(fns.get(functionName) ?? functionName)}`,
    ];
    return `(${named.join(', ')})`;
  };
}

/** The construct that people wrote, without the resource that CDK made in it. */
const construct = (path: string) => path.replace(/\/Resource$/, '');
