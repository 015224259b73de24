import { ERROR_MESSAGES, type ErrorCode } from './errors.ts';
import type { Feature, Refused } from './requests.ts';

/** A message as clients see it. */
export interface Message {
  /** Unique over all rooms. */
  readonly id: string;
  /** Its place in the room's log: 1, 2, 3, without gaps. */
  readonly seq: number;
  /** Its place among the room's messages alone. */
  readonly n: number;
  readonly user: { readonly username: string };
  readonly room: string;
  /** Seconds since the epoch, with a fraction; when the message was accepted. */
  readonly timestamp: number;
  readonly text: string;
}

export interface ErrorReply {
  readonly uuid: string | null;
  readonly action: string | null;
  readonly status: 'error';
  readonly code: ErrorCode;
  readonly error_message: string;
  readonly room?: string;
  /** Seconds. */
  readonly retry_after?: number;
}

export interface AuthenticateReply {
  readonly uuid: string;
  readonly action: 'authenticate';
  readonly status: 'success';
  readonly user: { readonly username: string };
  /** Those asked for that this server has. */
  readonly features: readonly Feature[];
}

export interface SelectRoomReply {
  readonly uuid: string;
  readonly action: 'select_room';
  readonly status: 'success';
  readonly room: string;
  /** The latest messages, oldest first. */
  readonly room_messages: readonly Message[];
  /** The newest seq of the room; 0 in a room where nothing was ever said. */
  readonly head: number;
  /** Present when the room has older messages than these. */
  readonly more?: true;
}

/** With feature `ack`: the message is stored under its uuid and will be sequenced. */
export interface AcceptedReply {
  readonly uuid: string;
  readonly action: 'new_message';
  readonly status: 'accepted';
  readonly room: string;
}

/** To every connection of every member of the room; to the sender alone, who repeats a uuid. */
export interface NewMessageBroadcast {
  readonly uuid: string;
  readonly action: 'new_message';
  readonly status: 'success';
  readonly room: string;
  readonly message: Message;
  readonly head: number;
}

export type Reply =
  | ErrorReply
  | AuthenticateReply
  | SelectRoomReply
  | AcceptedReply
  | NewMessageBroadcast;

/** The error frame for a refusal. */
export function errorReply({ refused, uuid, action, room, retryAfter }: Refused): ErrorReply {
  return {
    uuid,
    action,
    ...(room === undefined ? {} : { room }),
    status: 'error',
    code: refused,
    error_message: ERROR_MESSAGES[refused],
    ...(retryAfter === undefined ? {} : { retry_after: retryAfter }),
  };
}
