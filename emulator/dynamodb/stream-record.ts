/**
 * A record of a table's stream as Lambda hands it to functions. Engines are always asked for both
 * images; what the table's view type does not show is left out here, and a write that changed
 * nothing, of which AWS writes no record, is dropped.
 *
 * Times are whole seconds. `SizeBytes` follows aws.md section f (inferred there): the keys and every
 * image shown, names and values, keys counted again in each.
 */
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';

import type { TableResource } from '../model.ts';
import { type AttributeValue, type Item, itemSize } from './attribute-value.ts';
import { SEQUENCE_NUMBER_DIGITS } from './stream-table.ts';

export type StreamViewType = NonNullable<TableResource['streamViewType']>;

export interface StreamRecord {
  /** 32 lower-case hex digits; the same whenever the record is read. */
  readonly eventID: string;
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly eventVersion: '1.1';
  readonly eventSource: 'aws:dynamodb';
  readonly awsRegion: string;
  readonly dynamodb: {
    /** Epoch seconds. */
    readonly ApproximateCreationDateTime: number;
    readonly Keys: Item;
    readonly NewImage?: Item;
    readonly OldImage?: Item;
    readonly SequenceNumber: string;
    readonly SizeBytes: number;
    readonly StreamViewType: StreamViewType;
  };
  readonly eventSourceARN: string;
  /** Set when DynamoDB itself removed an expired item. */
  readonly userIdentity?: {
    readonly type: 'Service';
    readonly principalId: 'dynamodb.amazonaws.com';
  };
}

/** A record as GetRecords answers it. */
export interface EngineRecord {
  readonly eventName: StreamRecord['eventName'];
  readonly dynamodb: {
    readonly ApproximateCreationDateTime: number;
    readonly Keys: Item;
    readonly NewImage?: Item;
    readonly OldImage?: Item;
    readonly SequenceNumber: string;
  };
  readonly userIdentity?: unknown;
}

/** Whose stream it is, and how it is shown. */
export interface StreamView {
  readonly arn: string;
  readonly region: string;
  readonly viewType: StreamViewType;
  /** Milliseconds that the emulator's clock is ahead of the engine's. */
  readonly clockAheadMs: number;
}

/** The record to show, or undefined when the write changed nothing. */
export function toStreamRecord(record: EngineRecord, view: StreamView): StreamRecord | undefined {
  const { eventName, dynamodb, userIdentity } = record;
  const { ApproximateCreationDateTime: createdAt, Keys } = dynamodb;
  if (eventName === 'MODIFY' && sameItem(dynamodb.OldImage, dynamodb.NewImage)) return undefined;
  const images = shownImages(dynamodb, view.viewType);
  const SequenceNumber = sequenceNumber(dynamodb.SequenceNumber);
  return {
    eventID: createHash('md5').update(`${view.arn} ${SequenceNumber}`).digest('hex'),
    eventName,
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: view.region,
    dynamodb: {
      ApproximateCreationDateTime: Math.round(createdAt + view.clockAheadMs / 1000),
      Keys,
      ...images,
      SequenceNumber,
      SizeBytes: [Keys, ...Object.values(images)].reduce((sum, item) => sum + itemSize(item), 0),
      StreamViewType: view.viewType,
    },
    eventSourceARN: view.arn,
    ...(userIdentity === undefined || userIdentity === null
      ? {}
      : { userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' } }),
  };
}

/** An engine's number at the length that AWS's have. */
export function sequenceNumber(number: string): string {
  return number.padStart(SEQUENCE_NUMBER_DIGITS, '0');
}

function shownImages(
  { NewImage, OldImage }: EngineRecord['dynamodb'],
  viewType: StreamViewType,
): { readonly NewImage?: Item; readonly OldImage?: Item } {
  const showsNew = viewType === 'NEW_IMAGE' || viewType === 'NEW_AND_OLD_IMAGES';
  const showsOld = viewType === 'OLD_IMAGE' || viewType === 'NEW_AND_OLD_IMAGES';
  return {
    ...(showsNew && NewImage !== undefined ? { NewImage } : {}),
    ...(showsOld && OldImage !== undefined ? { OldImage } : {}),
  };
}

function sameItem(a: Item | undefined, b: Item | undefined): boolean {
  return isDeepStrictEqual(inSetOrder({ M: a ?? {} }), inSetOrder({ M: b ?? {} }));
}

/** Sets have no order, but engines give them one, not always the same. */
function inSetOrder(value: AttributeValue): unknown {
  if ('SS' in value) return { SS: value.SS.toSorted() };
  if ('NS' in value) return { NS: value.NS.toSorted() };
  if ('BS' in value) return { BS: value.BS.toSorted() };
  if ('L' in value) return { L: value.L.map(inSetOrder) };
  if ('M' in value) {
    const entries = Object.entries(value.M).map(([name, inner]) => [name, inSetOrder(inner)]);
    return { M: Object.fromEntries(entries) };
  }
  return value;
}
