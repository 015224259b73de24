/**
 * Reads the fields of a request; what is missing or out of range throws a `Refusal`, which becomes
 * the answer.
 */
import { invalidParameter, missingParameter, type SqsError } from './errors.ts';

/** Ends the handling of a request, or of one entry of a batch. */
export class Refusal extends Error {
  readonly error: SqsError;
  constructor(error: SqsError) {
    super(error.message);
    this.error = error;
  }
}

export type Input = Readonly<Record<string, unknown>>;

/** The body of a request as an object; undefined when it is none. */
export function readInput(body: Buffer): Input | undefined {
  try {
    const value: unknown = JSON.parse(body.toString());
    return isInput(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isInput(value: unknown): value is Input {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function text(input: Input, name: string): string {
  const value = input[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new Refusal(missingParameter(name));
}

export function optionalText(input: Input, name: string): string | undefined {
  const value = input[name];
  return typeof value === 'string' ? value : undefined;
}

/** A whole number of a range, or its default when absent. */
export function wholeNumber(
  input: Input,
  name: string,
  [least, most]: readonly [number, number],
  byDefault?: number,
): number {
  const value = input[name] ?? byDefault;
  if (value === undefined) throw new Refusal(missingParameter(name));
  if (Number.isInteger(value) && Number(value) >= least && Number(value) <= most) {
    return Number(value);
  }
  const reason = `Must be between ${least} and ${most}, if provided.`;
  const message = `Value ${JSON.stringify(value)} for parameter ${name} is invalid. Reason: ${reason}`;
  throw new Refusal(invalidParameter(message));
}

/** The texts of a list; none when absent. */
export function texts(input: Input, name: string): readonly string[] {
  const value = input[name];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
