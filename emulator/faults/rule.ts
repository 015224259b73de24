import * as v from 'valibot';

import { type FaultName, FAULTS, type Place, PLACES_OF_MOMENTS } from './catalogue.ts';

/**
 * One rule of a fault plan: which fault, where, and when. What it leaves out is not asked: a rule with
 * neither `where` nor `when` strikes every time.
 */
export type FaultRule<Name extends FaultName = FaultName> = {
  readonly [One in Name]: Head<One> & v.InferInput<ParametersOf<One>>;
}[Name];

/** A rule as read, with its defaults. */
export type ReadRule<Name extends FaultName = FaultName> = {
  readonly [One in Name]: Head<One> & v.InferOutput<ParametersOf<One>>;
}[Name];

/** The rules that are decided at a place. */
export type RuleAt<At extends Place> = ReadRule<
  { [Name in FaultName]: (typeof FAULTS)[Name]['place'] extends At ? Name : never }[FaultName]
>;

type ParametersOf<Name extends FaultName> = (typeof FAULTS)[Name]['parameters'];

interface Head<Name extends FaultName> {
  readonly fault: Name;
  /** What `fired()` calls it, and its stream of chance; default: the fault with a number. */
  readonly name?: string | undefined;
  readonly where?: Where | undefined;
  readonly when?: When | undefined;
}

/** Patterns with `*` and `?`. */
export interface Where {
  /** A construct path, with or without its last `/Resource`, or a name. */
  readonly resource?: string | undefined;
  /** E.g. `PutItem`, `SendMessage`; of sockets `connect`, `message` or `post`. */
  readonly operation?: string | undefined;
  /** The function that calls, by name or path. */
  readonly function?: string | undefined;
  /** A connection's id. */
  readonly connection?: string | undefined;
}

/**
 * All that is given must hold. Occurrences are counted from 1, each rule counting what matches its
 * `where` between `afterMs` and `untilMs`; times are the cloud's, from when the rule was added.
 */
export interface When {
  /** The chance of each occurrence, 0 to 1. */
  readonly rate?: number | undefined;
  /** Only the first so many. */
  readonly first?: number | undefined;
  /** Only every so many-th. */
  readonly every?: number | undefined;
  /** Only the n-th, or those listed. */
  readonly nth?: number | readonly number[] | undefined;
  readonly afterMs?: number | undefined;
  readonly untilMs?: number | undefined;
  /** At this moment, to all that match, without waiting for anything to happen. */
  readonly atMs?: number | undefined;
}

const ordinal = v.pipe(v.number(), v.integer(), v.minValue(1));
const milliseconds = v.pipe(v.number(), v.minValue(0));

const when = {
  rate: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
  first: v.optional(ordinal),
  every: v.optional(ordinal),
  nth: v.optional(v.union([ordinal, v.array(ordinal)])),
};
const span = { afterMs: v.optional(milliseconds), untilMs: v.optional(milliseconds) };
const pattern = v.pipe(v.string(), v.nonEmpty());

/** The rule's own schema: it knows what this fault can be told and aimed at, and nothing else. */
export function ruleSchema(fault: FaultName): v.GenericSchema<FaultRule, ReadRule> {
  const { parameters, where, place } = FAULTS[fault];
  const moment: v.ObjectEntries = PLACES_OF_MOMENTS.has(place)
    ? { atMs: v.optional(milliseconds) }
    : {};
  const schema: v.GenericSchema<unknown, unknown> = v.strictObject({
    fault: v.literal(fault),
    name: v.optional(pattern),
    where: v.optional(
      v.strictObject(Object.fromEntries(where.map((field) => [field, v.optional(pattern)]))),
    ),
    when: v.optional(v.strictObject({ ...when, ...span, ...moment })),
    ...parameters.entries,
  });
  // Which fault it is was known only at run time.
  return schema as v.GenericSchema<FaultRule, ReadRule>;
}
