import type { Action, DurableAction } from '../../protocol/actions.ts';
import type { Reply } from '../../protocol/replies.ts';
import type { Refused } from '../../protocol/requests.ts';
import { numberVariable, variable } from '../environment.ts';
import { createDynamoDb } from './aws/dynamodb.ts';
import {
  type AskedChange,
  type ChangeJudge,
  makeChange,
  makePlain,
  namedRoom,
  type RoomOf,
} from './change.ts';
import { postReplies } from './durable-handler.ts';
import { createInbox } from './inbox.ts';
import { createLog } from './log.ts';
import { rateLimit } from './rate.ts';
import { type FrameEvent, replyTo, type RouteResponse } from './reply.ts';
import { createRoomWrites } from './room-writes.ts';
import { createMembership } from './rooms.ts';
import { createRoster } from './roster.ts';
import { createTurns } from './turns.ts';

function sharedParts() {
  const db = createDynamoDb();
  const rooms = { db, table: variable('rooms') };
  const turns = createTurns({
    db,
    table: variable('connections'),
    rate: rateLimit(numberVariable('messagesPerSecond'), numberVariable('messagesBurst')),
  });
  return {
    turns,
    members: createMembership(rooms),
    roster: createRoster(rooms),
    writes: createRoomWrites(rooms),
  };
}

/** The handler of a change that becomes an entry; what replies it has are posted. */
export function changeHandler(
  action: DurableAction,
  judge: ChangeJudge,
  roomOf: RoomOf = namedRoom,
): (event: FrameEvent) => Promise<{ readonly statusCode: 200 }> {
  const db = createDynamoDb();
  const parts = {
    ...sharedParts(),
    inbox: createInbox({ db, table: variable('inbox'), days: numberVariable('inboxDays') }),
    log: createLog({ db, table: variable('messages') }),
  };
  return postReplies(makeChange(action, judge, parts, roomOf));
}

/** The handler of what is answered at once. */
export function plainHandler(
  action: Action,
  judge: (asked: AskedChange) => Promise<Refused | Reply>,
): (event: FrameEvent) => Promise<RouteResponse> {
  const answer = makePlain(action, judge, sharedParts());
  return (event) => replyTo(event, answer);
}
