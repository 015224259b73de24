import * as v from 'valibot';

import { TEXT_MAX_CODE_POINTS } from '../../protocol/limits.ts';
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

const Image = v.object({
  room: textAttribute,
  user: textAttribute,
  uuid: textAttribute,
  // Two code units hold any code point.
  text: v.pipe(textAttribute, v.maxLength(2 * TEXT_MAX_CODE_POINTS)),
  acceptedAt: v.pipe(
    v.object({ N: v.string() }),
    v.transform(({ N }) => Number(N)),
    v.finite(),
  ),
});

/** The sequence number of a record; every record of a stream has one. */
export const positionOf = (record: StreamRecord): string => record.dynamodb?.SequenceNumber ?? '';

/** The room a record is about, which even a broken one has among its keys. */
export const roomOf = (record: StreamRecord): string => {
  const keys = v.safeParse(v.object({ room: textAttribute }), record.dynamodb?.Keys);
  return keys.success ? keys.output.room : '';
};

/** The arrival of a record; undefined when it can never be one. */
export function toArrival(record: StreamRecord): Arrival | undefined {
  const image = v.safeParse(Image, record.dynamodb?.NewImage);
  return image.success ? { ...image.output, position: positionOf(record) } : undefined;
}
