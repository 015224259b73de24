/** Attributes a sender gives a message: read, chosen by a receiver, and summed up as SQS does. */
import { createHash } from 'node:crypto';

import { invalidParameter } from './errors.ts';
import { isInput, Refusal, type Input } from './input.ts';
import type { MessageAttribute, MessageAttributes } from './queue.ts';

export function readAttributes(input: Input): MessageAttributes {
  const given = input['MessageAttributes'] ?? {};
  if (!isInput(given)) throw new Refusal(invalidParameter('MessageAttributes must be a map.'));
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      if (isInput(value) && typeof value['DataType'] === 'string') return [name, attribute(value)];
      const message = `The message attribute '${name}' must contain non-empty message attribute type.`;
      throw new Refusal(invalidParameter(message));
    }),
  );
}

function attribute({ DataType, StringValue, BinaryValue }: Input): MessageAttribute {
  return {
    DataType: String(DataType),
    ...(typeof StringValue === 'string' && { StringValue }),
    ...(typeof BinaryValue === 'string' && { BinaryValue }),
  };
}

/** Those whose names were asked for: exactly, by `prefix.*`, or all of them. */
export function chooseAttributes(
  attributes: MessageAttributes,
  names: readonly string[],
): MessageAttributes {
  const asked = (name: string) =>
    names.some((it) => it === 'All' || it === name || (it.endsWith('.*') && isUnder(name, it)));
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => asked(name)));
}

const isUnder = (name: string, pattern: string) => name.startsWith(pattern.slice(0, -2));

/** Bytes that attributes add to a message's size. */
export function sizeOfAttributes(attributes: MessageAttributes): number {
  return Object.entries(attributes).reduce(
    (sum, [name, it]) => sum + Buffer.byteLength(name + it.DataType) + valueOf(it).length,
    0,
  );
}

/** SQS's own sum, over names in order, each part with its length before it. */
export function md5OfAttributes(attributes: MessageAttributes): string {
  const hash = createHash('md5');
  const add = (part: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(part.length);
    hash.update(length).update(part);
  };
  for (const [name, it] of Object.entries(attributes).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    add(Buffer.from(name));
    add(Buffer.from(it.DataType));
    hash.update(Buffer.of(it.BinaryValue === undefined ? 1 : 2));
    add(valueOf(it));
  }
  return hash.digest('hex');
}

function valueOf({ StringValue = '', BinaryValue }: MessageAttribute): Buffer {
  return BinaryValue === undefined ? Buffer.from(StringValue) : Buffer.from(BinaryValue, 'base64');
}
