import { ACTIONS } from './actions.ts';
import {
  EDITS_MAX_COUNT,
  EMOJI_MAX_LENGTH,
  LIST_MAX_COUNT,
  MENTIONS_MAX_COUNT,
  META_MAX_BYTES,
  MUTE_MAX_SECONDS,
  PAGE_MAX_COUNT,
  REACTIONS_MAX_COUNT,
  SIGNAL_MAX_BYTES,
  SLOW_MODE_MAX_SECONDS,
  SYNC_MAX_ROOMS,
  TEXT_MAX_CODE_POINTS,
  UUID_MAX_LENGTH,
  ROOMS_OF_USER_MAX,
} from './limits.ts';
import { ROOM_NAME_MAX_LENGTH } from './names.ts';
import { ROLES } from './roles.ts';

/** A list as the seed article's server prints it: `['a', 'b']`. */
const quoted = (names: readonly string[]) => `[${names.map((name) => `'${name}'`).join(', ')}]`;

/**
 * The closed set of refusals: a stable code and its sentence. The first six are the article's own,
 * codes and texts to the letter; clients should branch on `code`, people read `error_message`.
 */
export const ERROR_MESSAGES = {
  invalid_message_format: `Some of required keys are absent or empty. Required keys: ${quoted(['action', 'uuid'])}`,
  invalid_payload: `Invalid message action. Next actions are allowed: ${quoted(ACTIONS)}`,
  invalid_token: 'Invalid authentication token',
  authentication_required: 'Authentication required before sending any other messages',
  /** The same for a room that does not exist and one the user is not in. */
  invalid_room_id: 'Invalid room id',
  empty_text: "Message text can't be empty",
  /** The frame is not JSON at all; uuid and action are unknown. */
  invalid_json: 'Message is not valid JSON',
  invalid_uuid: `The uuid must be a string of at most ${UUID_MAX_LENGTH} characters`,
  /** Not a string, or not well-formed Unicode (a lone surrogate). */
  invalid_text: 'Message text must be a well-formed string',
  text_too_long: `Message text can't be longer than ${TEXT_MAX_CODE_POINTS} characters`,
  /** No message of the room has this number, or not any more. */
  invalid_target: 'There is no such message in this room',
  /** The room is the user's, but not what was asked for. */
  forbidden: 'You may not do this in this room',
  invalid_reply_to: 'reply_to must be the number of a message in this room',
  invalid_mentions: `Mentions must be a list of at most ${MENTIONS_MAX_COUNT} usernames`,
  invalid_meta: `Meta must be JSON of at most ${META_MAX_BYTES} bytes`,
  invalid_if_head: 'if_head must be the number of an entry, or 0',
  /** The room has moved on from `if_head`; comes with its `head`, and nothing is stored. */
  head_moved: 'The room has moved on',
  invalid_emoji: `A reaction must be an emoji of at most ${EMOJI_MAX_LENGTH} characters`,
  too_many_reactions: `A message carries at most ${REACTIONS_MAX_COUNT} reactions`,
  too_many_edits: `A message can be edited at most ${EDITS_MAX_COUNT} times`,
  invalid_page: `Give at most one of before, after and around, and a limit from 1 to ${PAGE_MAX_COUNT}`,
  invalid_rooms: `Rooms must name 1 to ${SYNC_MAX_ROOMS} rooms, each with the last number known`,
  unknown_user: 'There is no such user',
  unknown_member: 'There is no such member in this room',
  banned: 'Banned from this room',
  too_many_rooms: `A user can be in at most ${ROOMS_OF_USER_MAX} rooms`,
  last_owner: 'The last owner of a room cannot leave it to others or step down',
  invalid_mark: 'A read mark must be the number of an entry in this room',
  invalid_list: `after must be the id of a room, and limit a number from 1 to ${LIST_MAX_COUNT}`,
  /** Comes with `retry_after`, in seconds. */
  muted: 'Muted in this room, try again later',
  /** Comes with `retry_after`, in seconds. */
  slow_mode: 'This room is in slow mode, try again later',
  invalid_name: `A room's name must be 1 to ${ROOM_NAME_MAX_LENGTH} visible characters`,
  invalid_kind: `The kind of a room must be one of: ${quoted(['public', 'private'])}`,
  invalid_role: `A role must be one of: ${quoted(ROLES)}`,
  invalid_seconds: `Seconds must be a whole number from 0 to ${MUTE_MAX_SECONDS} for a mute, to ${SLOW_MODE_MAX_SECONDS} for slow mode`,
  invalid_data: `Data must be JSON of at most ${SIGNAL_MAX_BYTES} bytes`,
  /** Comes with `retry_after`, in seconds. */
  rate_limited: 'Too many messages, try again later',
} as const;

export type ErrorCode = keyof typeof ERROR_MESSAGES;
