import { readFileSync } from 'node:fs';

import * as v from 'valibot';

import { FAULTS, isFaultName } from './catalogue.ts';
import { type FaultRule, type ReadRule, ruleSchema } from './rule.ts';

/**
 * A plan of faults, as a JSON file or a test has it: the same seed and the same sequence of operations
 * bring the same faults.
 */
export interface FaultPlan {
  /** Default 1. */
  readonly seed?: number | undefined;
  readonly rules?: readonly FaultRule[] | undefined;
}

/** A plan that cannot be used; `message` is one line that names the rule and the field. */
export class FaultPlanError extends Error {
  override readonly name = 'FaultPlanError';
}

const planSchema = v.strictObject({
  seed: v.optional(v.pipe(v.number(), v.safeInteger()), 1),
  rules: v.optional(v.array(v.unknown()), []),
});

/** What to do in a run; throws a `FaultPlanError` for a plan that is none. */
export function readPlan(plan: unknown): {
  readonly seed: number;
  readonly rules: readonly ReadRule[];
} {
  const { seed, rules } = read(planSchema, plan, 'the fault plan');
  return { seed, rules: rules.map((rule, index) => readRule(rule, index + 1)) };
}

/** One rule; `number` is what a person counts, from 1. */
export function readRule(rule: unknown, number: number): ReadRule {
  const fault: unknown =
    typeof rule === 'object' && rule !== null ? Reflect.get(rule, 'fault') : undefined;
  if (!isFaultName(fault)) {
    const known = Object.keys(FAULTS).join(', ');
    throw new FaultPlanError(
      `fault rule ${number}, fault: ${JSON.stringify(fault) ?? 'nothing'} is none of ${known}`,
    );
  }
  return read(ruleSchema(fault), rule, `fault rule ${number} (${fault})`);
}

/** Reads a plan's JSON file. */
export function readPlanFile(file: string): FaultPlan {
  const plan: unknown = parse(file);
  readPlan(plan);
  return plan as FaultPlan;
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new FaultPlanError(`the fault plan ${file} cannot be read: ${why}`);
  }
}

function read<Output>(
  schema: v.GenericSchema<unknown, Output>,
  value: unknown,
  what: string,
): Output {
  const { success, output, issues } = v.safeParse(schema, value);
  if (success) return output;
  const [issue] = issues;
  const field = v.getDotPath(issue);
  throw new FaultPlanError(`${what}${field === null ? '' : `, ${field}`}: ${problem(issue)}`);
}

function problem({ expected, received }: v.BaseIssue<unknown>): string {
  if (expected === 'never') return 'is not known here';
  return received === 'undefined' ? 'is missing' : `must be ${expected}, not ${received}`;
}
