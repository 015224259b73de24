import * as v from 'valibot';

import type { Scope } from './intrinsic-scope.ts';
import { NO_VALUE, Unresolved } from './unresolved.ts';

/**
 * The intrinsic functions, each as a pure function of its argument, which is evaluated before. Only
 * `Fn::If` is not among them: it must not evaluate the branch that it does not take.
 */
export type Intrinsic = (name: string, argument: unknown, scope: Scope) => unknown;

/** An intrinsic function whose argument, once evaluated itself, has this shape. */
function intrinsic<Schema extends v.GenericSchema>(
  schema: Schema,
  apply: (argument: v.InferOutput<Schema>, scope: Scope) => unknown,
): Intrinsic {
  return (name, argument, scope) => {
    const parsed = v.safeParse(schema, argument);
    return parsed.success ? apply(parsed.output, scope) : malformed(name);
  };
}

const text = v.pipe(v.union([v.string(), v.number(), v.boolean()]), v.transform(String));
const texts = v.array(text);
const list = v.array(v.unknown());
const truths = v.array(v.boolean());

/** By name. */
export const intrinsics: ReadonlyMap<string, Intrinsic> = new Map([
  ['Ref', intrinsic(v.string(), (name, scope) => scope.reference(name))],
  [
    'Fn::GetAtt',
    intrinsic(v.union([v.string(), v.tuple([v.string(), v.string()])]), (argument, scope) => {
      const [logicalId, attribute] = typeof argument === 'string' ? dotted(argument) : argument;
      return scope.attribute(logicalId, attribute);
    }),
  ],
  ['Fn::Join', intrinsic(v.tuple([text, texts]), ([delimiter, parts]) => parts.join(delimiter))],
  [
    'Fn::Split',
    intrinsic(v.tuple([v.string(), text]), ([delimiter, whole]) => whole.split(delimiter)),
  ],
  [
    'Fn::Select',
    intrinsic(v.tuple([text, list]), ([index, values]) => select(Number(index), values)),
  ],
  [
    'Fn::Sub',
    intrinsic(
      v.union([v.string(), v.tuple([v.string(), v.record(v.string(), text)])]),
      (argument, scope) =>
        typeof argument === 'string'
          ? substitute(argument, {}, scope)
          : substitute(argument[0], argument[1], scope),
    ),
  ],
  [
    'Fn::FindInMap',
    intrinsic(
      v.tupleWithRest([text, text, text], v.object({ DefaultValue: v.unknown() })),
      ([name, top, second, otherwise], scope) =>
        scope.mapping(name, top, second) ??
        otherwise?.DefaultValue ??
        new Unresolved(`the mapping ${name} has no entry ${top}, ${second}`),
    ),
  ],
  ['Fn::ImportValue', intrinsic(text, (name, scope) => scope.exported(name))],
  [
    // What CDK writes for a weak reference to another stack.
    'Fn::GetStackOutput',
    intrinsic(
      v.object({ StackName: text, OutputName: text, Region: v.optional(text) }),
      ({ StackName, OutputName, Region }, scope) =>
        scope.stackOutput(StackName, OutputName, Region ?? scope.region),
    ),
  ],
  [
    'Fn::GetAZs',
    intrinsic(text, (region, scope) =>
      ['a', 'b', 'c'].map((zone) => `${region === '' ? scope.region : region}${zone}`),
    ),
  ],
  ['Fn::Base64', intrinsic(text, (plain) => Buffer.from(plain).toString('base64'))],
  ['Fn::Length', intrinsic(list, ({ length }) => length)],
  ['Fn::ToJsonString', intrinsic(v.unknown(), (value) => JSON.stringify(value))],
  ['Condition', intrinsic(v.string(), (name, scope) => scope.condition(name))],
  ['Fn::Equals', intrinsic(v.tuple([text, text]), ([left, right]) => left === right)],
  ['Fn::And', intrinsic(truths, (values) => values.every(Boolean))],
  ['Fn::Or', intrinsic(truths, (values) => values.some(Boolean))],
  ['Fn::Not', intrinsic(v.tuple([v.boolean()]), ([value]) => !value)],
]);

function dotted(path: string): [string, string] {
  const dot = path.indexOf('.');
  return dot < 0 ? [path, ''] : [path.slice(0, dot), path.slice(dot + 1)];
}

function select(index: number, values: readonly unknown[]): unknown {
  return values[index] ?? new Unresolved(`Fn::Select finds nothing at ${index}`);
}

/** Fills the `${names}` of `template`; `${!name}` is the way to write `${name}` itself. */
function substitute(
  template: string,
  variables: Readonly<Record<string, string>>,
  scope: Scope,
): unknown {
  return fill(template, /\$\{([^}]*)\}/g, (name) => {
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    const variable = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (variable !== undefined) return variable;
    return name.includes('.') ? scope.attribute(...dotted(name)) : scope.reference(name);
  });
}

/** The argument of a function does not have the shape it must have. */
export function malformed(name: string): Unresolved {
  return new Unresolved(`${name} is malformed`);
}

/** Replaces what `pattern` finds by the text that its first group stands for. */
export function fill(whole: string, pattern: RegExp, valueOf: (name: string) => unknown): unknown {
  const values = [...whole.matchAll(pattern)].map(([, name = '']) => valueOf(name));
  const unresolved = values.find((value) => value instanceof Unresolved);
  if (unresolved !== undefined) return unresolved;
  return whole.replaceAll(pattern, () => {
    const value = values.shift();
    return value === NO_VALUE ? '' : String(value);
  });
}
