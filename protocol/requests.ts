import * as v from 'valibot';

import type { Action } from './actions.ts';
import type { ErrorCode } from './errors.ts';
import {
  FEATURES_MAX_COUNT,
  ROOM_ID_MAX_LENGTH,
  TEXT_MAX_CODE_POINTS,
  TOKEN_MAX_LENGTH,
  UUID_MAX_LENGTH,
} from './limits.ts';

/**
 * Frames from a client. A schema copies the fields it knows and nothing else survives; the first rule
 * that fails names the refusal, so an issue's message IS an error code.
 */
const refusal = <Code extends ErrorCode>(code: Code): Code => code;

/** Code points, not UTF-16 units: an emoji is one character to the person who typed it. */
const codePoints = (text: string) => {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
};

const room = v.pipe(
  // Absent becomes empty: a missing key would otherwise be refused in the library's words.
  v.optional(v.string(refusal('invalid_room_id')), ''),
  v.minLength(1, refusal('invalid_room_id')),
  v.maxLength(ROOM_ID_MAX_LENGTH, refusal('invalid_room_id')),
  v.check((id) => id.isWellFormed(), refusal('invalid_room_id')),
);

/** Blank text and absent text are the same to the article: empty. */
const text = v.pipe(
  v.optional(v.nullable(v.string(refusal('invalid_text')), ''), ''),
  v.check((value) => value.isWellFormed(), refusal('invalid_text')),
  v.check((value) => value.trim() !== '', refusal('empty_text')),
  v.check((value) => codePoints(value) <= TEXT_MAX_CODE_POINTS, refusal('text_too_long')),
);

/** What a client can bear beyond the seed protocol; unknown names are left out. */
export const FEATURES = ['ack', 'batch'] as const;
export type Feature = (typeof FEATURES)[number];

const features = v.pipe(
  v.fallback(v.pipe(v.array(v.unknown()), v.maxLength(FEATURES_MAX_COUNT)), []),
  v.transform((names) => FEATURES.filter((feature) => names.includes(feature))),
);

export const AuthenticateFields = v.object({
  token: v.pipe(
    v.optional(v.string(refusal('invalid_token')), ''),
    v.maxLength(TOKEN_MAX_LENGTH, refusal('invalid_token')),
  ),
  features,
});

export const RoomFields = v.object({ room });

/** Read after the room, as in the article: a stranger's blank text is told of the room alone. */
export const TextFields = v.object({ text });

/** What every frame has: who asks for what. `fields` is the rest, still unknown. */
export interface Envelope {
  readonly uuid: string;
  readonly action: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A frame that was refused, with as much of its envelope as could be read. */
export interface Refused {
  readonly refused: ErrorCode;
  readonly uuid: string | null;
  readonly action: string | null;
  /** Seconds, with `rate_limited`. */
  readonly retryAfter?: number;
  readonly room?: string;
}

const known = (value: unknown) =>
  typeof value === 'string' &&
  value !== '' &&
  value.length <= UUID_MAX_LENGTH &&
  value.isWellFormed()
    ? value
    : null;

/** Python's notion of absent or empty, which the article's server uses: 0, [] and {} are too. */
const empty = (value: unknown) =>
  !value || (typeof value === 'object' && Object.keys(value).length === 0);

/** Reads the envelope of a text frame: JSON, an object, with a non-empty `uuid` and `action`. */
export function parseEnvelope(body: string): Envelope | Refused {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return { refused: 'invalid_json', uuid: null, action: null };
  }
  const fields: Readonly<Record<string, unknown>> =
    typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
  const read = { uuid: known(fields['uuid']), action: known(fields['action']), fields };
  if (empty(fields['uuid']) || empty(fields['action'])) {
    return refuse(read, 'invalid_message_format');
  }
  const { uuid, action } = read;
  if (uuid === null) return refuse(read, 'invalid_uuid');
  if (action === null) return refuse(read, 'invalid_payload');
  return { uuid, action, fields };
}

/**
 * The envelope on the route of one action. A frame that API Gateway sent here but that names another
 * action (duplicate keys, say) is refused rather than guessed at.
 */
export function parseEnvelopeOf(action: Action, body: string): Envelope | Refused {
  const envelope = parseEnvelope(body);
  if ('refused' in envelope || envelope.action === action) return envelope;
  return refuse(envelope, 'invalid_payload');
}

/** Reads the fields of an action out of its frame. */
export function parseFields<Schema extends v.GenericSchema>(
  schema: Schema,
  envelope: Envelope,
): { readonly fields: v.InferOutput<Schema> } | Refused {
  const result = v.safeParse(schema, envelope.fields, { abortEarly: true });
  if (result.success) return { fields: result.output };
  return refuse(envelope, result.issues[0].message as ErrorCode);
}

/** Refuses a frame, with what is known of its envelope; a room it names is repeated. */
export function refuse(
  { uuid, action, fields }: Pick<Refused, 'uuid' | 'action'> & Pick<Envelope, 'fields'>,
  refused: ErrorCode,
  retryAfter?: number,
): Refused {
  const { room: named } = fields;
  return {
    refused,
    uuid,
    action,
    ...(typeof named === 'string' && named.length <= ROOM_ID_MAX_LENGTH ? { room: named } : {}),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  };
}
