/**
 * What the constructs know of the functions beside their entry files: the names of the variables that
 * the stack gives them, of indexes, and how the keys begin by which streams are filtered.
 */
export const VARIABLES = {
  users: 'USERS_TABLE',
  rooms: 'ROOMS_TABLE',
  connections: 'CONNECTIONS_TABLE',
  inbox: 'INBOX_TABLE',
  messages: 'MESSAGES_TABLE',
  /** URL of the queue for records that can never succeed. */
  deadLetters: 'DEAD_LETTERS_QUEUE_URL',
  /** `https://…/stage`: where posts to connections go. */
  callbackUrl: 'CALLBACK_URL',
  /** Names of the functions that post to large rooms. */
  fanOut: 'FAN_OUT_FUNCTION',
  deliver: 'DELIVER_FUNCTION',
  /** Connections above which a room is large. */
  largeRoom: 'LARGE_ROOM',
  /** What may be posted to large rooms, in all. */
  postsPerSecond: 'POSTS_PER_SECOND',
  inboxDays: 'INBOX_DAYS',
  messagesPerSecond: 'MESSAGES_PER_SECOND',
  messagesBurst: 'MESSAGES_BURST',
  allowedOrigins: 'ALLOWED_ORIGINS',
} as const;

/** Reads a variable; a function whose stack forgot one fails at its start, with the name. */
export function variable(name: keyof typeof VARIABLES): string {
  const value = process.env[VARIABLES[name]];
  if (value === undefined || value === '') {
    throw new Error(`The environment variable ${VARIABLES[name]} is not set`);
  }
  return value;
}

/** Reads a variable that holds a positive number. */
export function numberVariable(name: keyof typeof VARIABLES): number {
  const value = Number(variable(name));
  if (!(value > 0)) throw new Error(`The variable ${VARIABLES[name]} must be a positive number`);
  return value;
}

/** The index of Rooms that lists the rooms of a user. */
export const ROOMS_BY_USER = 'byUser';

/** The index of Rooms that lists the public rooms. */
export const PUBLIC_ROOMS = 'public';

/** What the keys of some rows begin with: the filters of the streams go by it. */
export const ONLINE_ROWS = 'room#';
export const VIEW_ROWS = 'view#';
export const DEVICE_ROWS = 'user#';
/** The sort key of a row that is no connection: a `#` is in no id, and before all that is. */
export const SHARDS_ROW = '#shards';
export const MEMBER_ENTRIES = 'member#';
