import { ACTIONS } from './actions.ts';
import { TEXT_MAX_CODE_POINTS, UUID_MAX_LENGTH } from './limits.ts';

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
  /** Comes with `retry_after`, in seconds. */
  rate_limited: 'Too many messages, try again later',
} as const;

export type ErrorCode = keyof typeof ERROR_MESSAGES;
