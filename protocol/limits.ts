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

/** Members named in a message. */
export const MENTIONS_MAX_COUNT = 20;

/** Bytes of a message's `meta`, as JSON. */
export const META_MAX_BYTES = 2_048;

/** Characters of a reaction: an emoji of several joined parts fits. */
export const EMOJI_MAX_LENGTH = 32;

/** Reactions one message carries, over all people and emoji: with the longest names it fits a reply. */
export const REACTIONS_MAX_COUNT = 200;

/** Edits of one message: they are erased with it in one transaction. */
export const EDITS_MAX_COUNT = 50;

/** Entries in one page of `history`, and of one room in `sync`. */
export const PAGE_MAX_COUNT = 100;

/** Rooms that one user is in. */
export const ROOMS_OF_USER_MAX = 1_000;

/** Rooms in one `sync`. */
export const SYNC_MAX_ROOMS = 100;

/** Longest mute: 30 days. */
export const MUTE_MAX_SECONDS = 2_592_000;

/** Longest pause that slow mode puts between two messages of a member: 6 hours. */
export const SLOW_MODE_MAX_SECONDS = 21_600;

/** Rooms in one page of `list_rooms`. */
export const LIST_MAX_COUNT = 100;

/** Newest entries after the read mark in which `list_rooms` looks for mentions and the newest message. */
export const UNREAD_LOOK_MAX_COUNT = 100;

/** Unicode code points of a message's text in `list_rooms`. */
export const PREVIEW_MAX_CODE_POINTS = 100;

/** Connections of a room among which `list_rooms` counts who is online. */
export const ONLINE_COUNT_MAX = 1_000;

/** Bytes of a signal's `data`, as JSON. */
export const SIGNAL_MAX_BYTES = 4_096;

/** Seconds for which somebody is shown typing, unless told again. */
export const TYPING_SECONDS = 6;

/** Connections of a room up to which its viewers are told who comes and goes. */
export const PRESENCE_MAX_CONNECTIONS = 10_000;

/**
 * Viewers of a room up to which they are told what is going on in it without being said: ten signals a
 * second to more would take half of what a whole account may post.
 */
export const VIEWERS_MAX_COUNT = 500;

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
