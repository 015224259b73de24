import * as v from 'valibot';

import { Content } from '../../protocol/content.ts';
import type { Arrival } from './sequence.ts';

/**
 * A record of the Inbox's stream, read into an arrival. A record that does not fit (written by hand,
 * say) can never succeed, and is told apart from one that merely failed.
 */
export interface StreamRecord {
  readonly dynamodb?: {
    readonly NewImage?: unknown;
    readonly Keys?: unknown;
    readonly SequenceNumber?: string;
  };
}

const textAttribute = v.pipe(
  v.object({ S: v.pipe(v.string(), v.minLength(1)) }),
  v.transform(({ S }) => S),
);

const numberAttribute = v.pipe(
  v.object({ N: v.string() }),
  v.transform(({ N }) => Number(N)),
  v.finite(),
);

/** Bytes of what an entry says, as JSON: text, mentions and meta at their limits, and some. */
const CONTENT_MAX_BYTES = 64 * 1_024;

const contentAttribute = v.pipe(
  textAttribute,
  v.maxBytes(CONTENT_MAX_BYTES),
  v.parseJson(),
  Content,
);

/** What a backend writes by hand may lack `action` and `nonce`. */
const Image = v.object({
  room: textAttribute,
  user: textAttribute,
  uuid: textAttribute,
  action: v.optional(textAttribute),
  nonce: v.optional(textAttribute),
  content: contentAttribute,
  acceptedAt: numberAttribute,
  ifHead: v.optional(numberAttribute),
  redriven: v.optional(textAttribute),
});

/** What was erased is no arrival: the row was changed by the erasure alone. */
const Erased = v.object({ erased: v.unknown() });

/** The sequence number of a record; every record of a stream has one. */
export const positionOf = (record: StreamRecord): string => record.dynamodb?.SequenceNumber ?? '';

/** The room a record is about, which even a broken one has among its keys. */
export const roomOf = (record: StreamRecord): string => {
  const keys = v.safeParse(v.object({ room: textAttribute }), record.dynamodb?.Keys);
  return keys.success ? keys.output.room : '';
};

export const isErased = (record: StreamRecord): boolean => v.is(Erased, record.dynamodb?.NewImage);

/** The arrival of a record; undefined when it can never be one. */
export function toArrival(record: StreamRecord): Arrival | undefined {
  const image = v.safeParse(Image, record.dynamodb?.NewImage);
  if (!image.success) return undefined;
  const { ifHead, redriven, action = 'new_message', nonce = '', ...arrival } = image.output;
  return {
    ...arrival,
    action,
    nonce,
    position: positionOf(record),
    ...(ifHead === undefined ? {} : { ifHead }),
    ...(redriven === undefined ? {} : { redriven: true }),
  };
}
