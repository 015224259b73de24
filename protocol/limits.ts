/**
 * Every limit of the protocol, with its unit. A frame that breaks one is answered by an error with a
 * stable code (`errors.ts`), never cut silently.
 */

/** Characters (UTF-16 code units) of a frame's `uuid`. */
export const UUID_MAX_LENGTH = 128;

/** Characters of a room id. */
export const ROOM_ID_MAX_LENGTH = 128;

/** Characters of a token as a client sends it. */
export const TOKEN_MAX_LENGTH = 512;

/**
 * Unicode code points of a message's text: at most 24 KB in our own JSON, so that it fits a frame. A
 * client that escapes everything beyond ASCII needs up to 12 bytes for each, and meets the frame's
 * limit first.
 */
export const TEXT_MAX_CODE_POINTS = 4_000;

/** Features a client may name in `authenticate`; unknown ones are ignored. */
export const FEATURES_MAX_COUNT = 32;

/** Messages in the reply to `select_room`. */
export const LATEST_MESSAGES = 20;

/** Bytes of one WebSocket frame: API Gateway closes with 1009 above it, and bills in this unit. */
export const FRAME_MAX_BYTES = 32 * 1_024;

/**
 * Bytes of one reply. API Gateway carries at most 128 KB; a reply that would be longer leaves out its
 * oldest messages and says `more`.
 */
export const REPLY_MAX_BYTES = 120 * 1_024;
