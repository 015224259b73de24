import type { AttributeValue, Item } from '../dynamodb/attribute-value.ts';

/**
 * Items as plain JavaScript values, for tests and people. A set is a `Set` (of one type, and not empty),
 * bytes are a `Uint8Array`, and a whole number that a double cannot hold is a `bigint`.
 */
export type PlainValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | Uint8Array
  | ReadonlySet<string | number | bigint | Uint8Array>
  | readonly PlainValue[]
  | { readonly [name: string]: PlainValue };

export type PlainItem = Readonly<Record<string, PlainValue>>;

export const toItem = (item: PlainItem): Item =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [name, toAttribute(value)]));

export const toPlainItem = (item: Item): PlainItem =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [name, toPlain(value)]));

export function toAttribute(value: PlainValue): AttributeValue {
  if (value === null) return { NULL: true };
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number' || typeof value === 'bigint') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (value instanceof Uint8Array) return { B: base64(value) };
  if (isSet(value)) return toSet([...value]);
  if (isList(value)) return { L: value.map(toAttribute) };
  return { M: toItem(value) };
}

const isSet = (value: object): value is ReadonlySet<string | number | bigint | Uint8Array> =>
  value instanceof Set;

const isList = (value: object): value is readonly PlainValue[] => Array.isArray(value);

function toSet(members: readonly (string | number | bigint | Uint8Array)[]): AttributeValue {
  const bytes = members.flatMap((member) => (member instanceof Uint8Array ? [base64(member)] : []));
  if (bytes.length > 0) return { BS: bytes };
  const texts = members.map(String);
  return typeof members[0] === 'string' ? { SS: texts } : { NS: texts };
}

function toPlain(value: AttributeValue): PlainValue {
  if ('S' in value) return value.S;
  if ('N' in value) return toNumber(value.N);
  if ('B' in value) return fromBase64(value.B);
  if ('BOOL' in value) return value.BOOL;
  if ('SS' in value) return new Set(value.SS);
  if ('NS' in value) return new Set(value.NS.map(toNumber));
  if ('BS' in value) return new Set(value.BS.map(fromBase64));
  if ('L' in value) return value.L.map(toPlain);
  if ('M' in value) return toPlainItem(value.M);
  return null;
}

function toNumber(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) || !/^-?\d+$/.test(text) ? number : BigInt(text);
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

const fromBase64 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64'));
