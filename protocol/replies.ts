import { ERROR_MESSAGES } from './errors.ts';
import type { ListMembersReply, ListPublicRoomsReply, ListRoomsReply } from './list-replies.ts';
import type { HistoryReply, MarkReadReply, SelectRoomReply, SyncReply } from './log-replies.ts';
import type { AcceptedReply, AuthenticateReply, DoneReply, ErrorReply } from './outcomes.ts';
import type { Broadcast } from './pushed.ts';
import type { Refused } from './requests.ts';

/**
 * What functions answer, by type. The schemas, of which the types are inferred, are in the files named
 * here; `frames.ts` reads a frame by them.
 */
export type * from './entry.ts';
export type * from './list-replies.ts';
export type * from './log-replies.ts';
export type * from './outcomes.ts';
export type * from './pushed.ts';

export type Reply =
  | ErrorReply
  | AuthenticateReply
  | SelectRoomReply
  | HistoryReply
  | SyncReply
  | MarkReadReply
  | ListRoomsReply
  | DoneReply
  | ListMembersReply
  | ListPublicRoomsReply
  | AcceptedReply
  | Broadcast;

/** The error frame for a refusal. */
export function errorReply({ refused, uuid, action, room, retryAfter, head }: Refused): ErrorReply {
  return {
    uuid,
    action,
    ...(room === undefined ? {} : { room }),
    status: 'error',
    code: refused,
    error_message: ERROR_MESSAGES[refused],
    ...(retryAfter === undefined ? {} : { retry_after: retryAfter }),
    ...(head === undefined ? {} : { head }),
  };
}
