import { fill, intrinsics, malformed } from './intrinsic-functions.ts';
import type { Scope } from './intrinsic-scope.ts';
import { referenceName } from './parameters.ts';
import { NO_VALUE, Unresolved } from './unresolved.ts';

/**
 * CloudFormation's intrinsic functions, as pure functions over JSON: what CDK writes and what people
 * write by hand. What names mean is the business of a `Scope`; a value that cannot be resolved is an
 * `Unresolved`, which passes through everything around it, so that one bad value costs one resource.
 * Not copied: `Fn::Cidr`, `Fn::Transform`, `Fn::ForEach` and macros, which need AWS to run.
 */

/** Resolves every intrinsic function and dynamic reference in `value`. */
export function resolve(value: unknown, scope: Scope): unknown {
  return fillDynamicReferences(evaluate(value, scope), scope);
}

function evaluate(value: unknown, scope: Scope): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return allOf(value.map((element) => evaluate(element, scope)));
  const [[name, argument] = ['', undefined], ...others] = Object.entries(value);
  if (others.length === 0 && isIntrinsic(name, argument)) return call(name, argument, scope);
  return everyOf(value, (property) => evaluate(property, scope));
}

function isIntrinsic(name: string, argument: unknown): boolean {
  // `Condition` is also an ordinary key of policies, where it holds an object.
  if (name === 'Condition') return typeof argument === 'string';
  return name === 'Ref' || name.startsWith('Fn::');
}

function call(name: string, argument: unknown, scope: Scope): unknown {
  if (name === 'Fn::If') return choose(argument, scope);
  const intrinsic = intrinsics.get(name);
  if (intrinsic === undefined) return new Unresolved(`${name} is not supported`);
  const evaluated = evaluate(argument, scope);
  return evaluated instanceof Unresolved ? evaluated : intrinsic(name, evaluated, scope);
}

/** `Fn::If` looks at one branch only: the other may well name what does not exist. */
function choose(argument: unknown, scope: Scope): unknown {
  const [name, whenTrue, whenFalse, ...rest]: unknown[] = Array.isArray(argument) ? argument : [];
  if (typeof name !== 'string' || whenFalse === undefined || rest.length > 0) {
    return malformed('Fn::If');
  }
  const holds = scope.condition(name);
  if (holds instanceof Unresolved) return holds;
  return evaluate(holds === true ? whenTrue : whenFalse, scope);
}

/** The list without its absent elements, or the first element that cannot be had. */
function allOf(values: readonly unknown[]): unknown {
  const unresolved = values.find((value) => value instanceof Unresolved);
  return unresolved ?? values.filter((value) => value !== NO_VALUE);
}

function everyOf(record: object, map: (value: unknown) => unknown): unknown {
  const entries = Object.entries(record).map(([key, value]) => [key, map(value)] as const);
  const unresolved = entries.find(([, value]) => value instanceof Unresolved);
  return unresolved?.[1] ?? Object.fromEntries(entries.filter(([, value]) => value !== NO_VALUE));
}

/** Dynamic references are filled last, as on AWS: CDK joins them from pieces. */
function fillDynamicReferences(value: unknown, scope: Scope): unknown {
  if (typeof value === 'string') {
    return fill(value, /\{\{resolve:([^}]*)\}\}/g, (name) => {
      const given = scope.dynamicReference(name);
      return (
        given ??
        new Unresolved(`{{resolve:${name}}} needs a value under the name ${referenceName(name)}`)
      );
    });
  }
  if (typeof value !== 'object' || value === null || value instanceof Unresolved) return value;
  if (Array.isArray(value)) {
    return allOf(value.map((element) => fillDynamicReferences(element, scope)));
  }
  return everyOf(value, (property) => fillDynamicReferences(property, scope));
}
