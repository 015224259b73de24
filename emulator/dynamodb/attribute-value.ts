/**
 * Items in DynamoDB's own JSON, and how many bytes they weigh by its rules: the base of capacity
 * units and of a stream record's `SizeBytes`.
 *
 * AWS gives the size of a number only "approximately": a byte for every two significant digits, one
 * more, and one for a minus sign. The embedded engine counts the same.
 */
export type AttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  /** Base64. */
  | { readonly B: string }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly string[] }
  | { readonly BS: readonly string[] }
  | { readonly L: readonly AttributeValue[] }
  | { readonly M: Item };

export type Item = { readonly [name: string]: AttributeValue };

/** Bytes that a list or a map weighs beside what it holds, and each of its elements again. */
const CONTAINER_BYTES = 3;
const ELEMENT_BYTES = 1;

/** Bytes of all names and values. */
export function itemSize(item: Item): number {
  return sum(Object.entries(item).map(([name, value]) => textSize(name) + valueSize(value)));
}

function valueSize(value: AttributeValue): number {
  if ('S' in value) return textSize(value.S);
  if ('N' in value) return numberSize(value.N);
  if ('B' in value) return binarySize(value.B);
  if ('SS' in value) return sum(value.SS.map(textSize));
  if ('NS' in value) return sum(value.NS.map(numberSize));
  if ('BS' in value) return sum(value.BS.map(binarySize));
  if ('L' in value) {
    return CONTAINER_BYTES + sum(value.L.map((element) => ELEMENT_BYTES + valueSize(element)));
  }
  if ('M' in value) {
    const elements = Object.keys(value.M).length;
    return CONTAINER_BYTES + ELEMENT_BYTES * elements + itemSize(value.M);
  }
  return 1; // BOOL and NULL
}

const textSize = (text: string) => Buffer.byteLength(text);

const binarySize = (base64: string) => Buffer.byteLength(base64, 'base64');

function numberSize(number: string): number {
  const [mantissa = ''] = number.toLowerCase().split('e');
  const digits = mantissa.replaceAll(/[-+.]/g, '').replace(/^0+/, '');
  // Zeros at the end are not significant either, on whichever side of the point.
  const significant = digits.replace(/0+$/, '').length;
  return Math.ceil(significant / 2) + 1 + (number.startsWith('-') ? 1 : 0);
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
