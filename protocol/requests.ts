import * as v from 'valibot';

import type { Action } from './actions.ts';
import type { ErrorCode } from './errors.ts';
import { FEATURES } from './features.ts';
import {
  EMOJI_MAX_LENGTH,
  FEATURES_MAX_COUNT,
  LIST_MAX_COUNT,
  MENTIONS_MAX_COUNT,
  META_MAX_BYTES,
  MUTE_MAX_SECONDS,
  PAGE_MAX_COUNT,
  ROOM_ID_MAX_LENGTH,
  SIGNAL_MAX_BYTES,
  SLOW_MODE_MAX_SECONDS,
  SYNC_MAX_ROOMS,
  TEXT_MAX_CODE_POINTS,
  TOKEN_MAX_LENGTH,
  UUID_MAX_LENGTH,
} from './limits.ts';
import { toRoomName, toUsername } from './names.ts';
import { ROLES } from './roles.ts';

/** One emoji as the standard lists them, joined parts and all; or one of its pictures alone. */
const EMOJI = /^(?:\p{RGI_Emoji}|\p{Extended_Pictographic})$/v;

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

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

/** The number of an entry. */
const seq = (code: ErrorCode) =>
  v.pipe(v.number(refusal(code)), v.safeInteger(refusal(code)), v.minValue(1, refusal(code)));

const target = v.optional(seq('invalid_target'), Number.NaN);

const mentions = v.optional(
  v.pipe(
    v.array(
      v.pipe(
        v.string(refusal('invalid_mentions')),
        v.transform((name) => toUsername(name) ?? ''),
        v.minLength(1, refusal('invalid_mentions')),
      ),
      refusal('invalid_mentions'),
    ),
    v.maxLength(MENTIONS_MAX_COUNT, refusal('invalid_mentions')),
  ),
);

/** Infinite for what is nested too deeply to be written. */
function jsonBytes(value: unknown): number {
  try {
    return new TextEncoder().encode(JSON.stringify(value)).length;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** Anything that JSON can say, up to so many bytes. */
const json = (maxBytes: number, code: ErrorCode) =>
  v.pipe(
    v.unknown(),
    v.check((value) => jsonBytes(value) <= maxBytes, refusal(code)),
  );

/** Read after the room, as in the article: a stranger's blank text is told of the room alone. */
export const NewMessageFields = v.object({
  text,
  reply_to: v.optional(seq('invalid_reply_to')),
  mentions,
  meta: v.optional(json(META_MAX_BYTES, 'invalid_meta')),
  if_head: v.optional(
    v.pipe(
      v.number(refusal('invalid_if_head')),
      v.safeInteger(refusal('invalid_if_head')),
      v.minValue(0, refusal('invalid_if_head')),
    ),
  ),
});

export const EditMessageFields = v.object({ target, text, mentions });

export const DeleteMessageFields = v.object({ target });

export const ReactFields = v.object({
  target,
  emoji: v.pipe(
    v.optional(v.string(refusal('invalid_emoji')), ''),
    v.maxLength(EMOJI_MAX_LENGTH, refusal('invalid_emoji')),
    v.regex(EMOJI, refusal('invalid_emoji')),
  ),
  remove: v.fallback(v.boolean(), false),
});

export const PinFields = v.object({ target, pinned: v.fallback(v.boolean(), true) });

const place = v.optional(seq('invalid_page'));

export const HistoryFields = v.pipe(
  v.object({
    before: place,
    after: v.optional(
      v.pipe(
        v.number(refusal('invalid_page')),
        v.safeInteger(refusal('invalid_page')),
        v.minValue(0, refusal('invalid_page')),
      ),
    ),
    around: place,
    limit: v.optional(
      v.pipe(seq('invalid_page'), v.maxValue(PAGE_MAX_COUNT, refusal('invalid_page'))),
      PAGE_MAX_COUNT,
    ),
  }),
  v.check(
    ({ before, after, around }) =>
      [before, after, around].filter((one) => one !== undefined).length <= 1,
    refusal('invalid_page'),
  ),
);

/** For each room the last number its client has; 0 for a room it knows nothing of. */
export const SyncFields = v.object({
  rooms: v.pipe(
    v.optional(v.custom<object>(isRecord, refusal('invalid_rooms')), {}),
    v.transform((rooms) => Object.entries(rooms)),
    v.minLength(1, refusal('invalid_rooms')),
    v.maxLength(SYNC_MAX_ROOMS, refusal('invalid_rooms')),
    v.array(
      v.strictTuple([
        v.pipe(
          v.string(),
          v.minLength(1, refusal('invalid_rooms')),
          v.maxLength(ROOM_ID_MAX_LENGTH, refusal('invalid_rooms')),
          v.check((id) => id.isWellFormed(), refusal('invalid_rooms')),
        ),
        v.pipe(
          v.number(refusal('invalid_rooms')),
          v.safeInteger(refusal('invalid_rooms')),
          v.minValue(0, refusal('invalid_rooms')),
        ),
      ]),
    ),
  ),
});

/** A name in its one spelling; what cannot be one is refused like one that is not there. */
const spelled = (spell: (text: string) => string | undefined, code: ErrorCode) =>
  v.pipe(
    v.optional(v.string(refusal(code)), ''),
    v.transform((typed) => spell(typed) ?? ''),
    v.minLength(1, refusal(code)),
  );

const roomName = spelled(toRoomName, 'invalid_name');

export const CreateRoomFields = v.object({
  name: roomName,
  kind: v.optional(v.picklist(['public', 'private'], refusal('invalid_kind')), 'private'),
});

export const RenameRoomFields = v.object({ name: roomName });

/** Whom an action is about. */
export const PersonFields = v.object({ user: spelled(toUsername, 'unknown_user') });

export const SetRoleFields = v.object({
  ...PersonFields.entries,
  role: v.pipe(v.optional(v.unknown(), ''), v.picklist(ROLES, refusal('invalid_role'))),
});

const seconds = (most: number) =>
  v.pipe(
    v.optional(v.number(refusal('invalid_seconds')), Number.NaN),
    v.safeInteger(refusal('invalid_seconds')),
    v.minValue(0, refusal('invalid_seconds')),
    v.maxValue(most, refusal('invalid_seconds')),
  );

export const MuteFields = v.object({
  ...PersonFields.entries,
  seconds: seconds(MUTE_MAX_SECONDS),
});

export const SetSlowModeFields = v.object({ seconds: seconds(SLOW_MODE_MAX_SECONDS) });

/** A page of a list: those after a name or an id, in their order. */
export const ListFields = v.object({
  after: v.optional(
    v.pipe(
      v.string(refusal('invalid_page')),
      v.maxLength(ROOM_ID_MAX_LENGTH, refusal('invalid_page')),
      v.check((text) => text.isWellFormed(), refusal('invalid_page')),
    ),
    '',
  ),
  limit: v.optional(
    v.pipe(seq('invalid_page'), v.maxValue(PAGE_MAX_COUNT, refusal('invalid_page'))),
    PAGE_MAX_COUNT,
  ),
});

/** Up to which entry somebody has read. */
export const MarkReadFields = v.object({ seq: v.optional(seq('invalid_mark'), Number.NaN) });

export const ListRoomsFields = v.object({
  after: v.optional(
    v.pipe(
      v.string(refusal('invalid_list')),
      v.minLength(1, refusal('invalid_list')),
      v.maxLength(ROOM_ID_MAX_LENGTH, refusal('invalid_list')),
      v.check((id) => id.isWellFormed(), refusal('invalid_list')),
    ),
  ),
  limit: v.optional(
    v.pipe(seq('invalid_list'), v.maxValue(LIST_MAX_COUNT, refusal('invalid_list'))),
    LIST_MAX_COUNT,
  ),
});

export const TypingFields = v.object({ typing: v.fallback(v.boolean(), true) });

/** A signal says something, if only `null`; absent data becomes what JSON cannot say. */
export const SignalFields = v.object({
  data: v.pipe(
    v.optional(json(SIGNAL_MAX_BYTES, 'invalid_data'), Number.NaN),
    v.check((data) => !Number.isNaN(data), refusal('invalid_data')),
  ),
});

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
  /** The room's newest number, with `head_moved`. */
  readonly head?: number;
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
  const fields: Readonly<Record<string, unknown>> = isRecord(value) ? { ...value } : {};
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
