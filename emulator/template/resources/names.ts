import { createHash } from 'node:crypto';

/**
 * Names for what a template leaves unnamed. AWS draws random ones; these follow from the stack and
 * the logical id, so that they are the same on every run and a person finds the resource again.
 */
const HASH_LENGTH = 8;

/** `<stack>-<logicalId><suffix>`, its end replaced by a hash when that is over `limit` characters. */
export function physicalName(
  stackName: string,
  logicalId: string,
  limit: number,
  suffix = '',
): string {
  const name = `${stackName}-${logicalId}`;
  if (name.length + suffix.length <= limit) return name + suffix;
  const kept = name.slice(0, limit - HASH_LENGTH - 1 - suffix.length);
  return `${kept}-${digest(name).slice(0, HASH_LENGTH)}${suffix}`;
}

/** An id as API Gateway makes them: `length` lower-case letters and digits. */
export function shortId(stackName: string, logicalId: string, length: number): string {
  const number = BigInt(`0x${digest(`${stackName}/${logicalId}`)}`);
  return number.toString(36).padStart(length, '0').slice(-length);
}

const digest = (text: string) => createHash('sha256').update(text).digest('hex');
