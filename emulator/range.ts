/**
 * Numbers that AWS takes only within bounds: what it would say of one that is beyond them.
 */

/** One line for people about a number out of its range; undefined when it is a whole number within. */
export function outside(
  name: string,
  value: number,
  least: number,
  most: number,
): string | undefined {
  return Number.isInteger(value) && value >= least && value <= most
    ? undefined
    : `${name} is ${value}, and must be a whole number from ${least} to ${most}`;
}
