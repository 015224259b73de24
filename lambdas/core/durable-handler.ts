import type { DurableAction } from '../../protocol/actions.ts';
import { numberVariable, variable } from '../environment.ts';
import { callbackEndpoint, createConnectionsApi, payload } from './aws/connections-api.ts';
import { createDynamoDb } from './aws/dynamodb.ts';
import { type Judge, makeDurable } from './durable.ts';
import { createInbox } from './inbox.ts';
import { createLog } from './log.ts';
import { rateLimit } from './rate.ts';
import { type Answer, answerFrame, type FrameEvent } from './reply.ts';
import { createMembership } from './rooms.ts';
import { createTurns } from './turns.ts';

/** Milliseconds. */
const REPLY_TIMEOUT_MS = 3_000;

/** Sockets for replies: one invocation has one. */
const REPLY_SOCKETS = 2;

/**
 * The handler of a durable action's function. Most frames of these routes have no reply, and what API
 * Gateway makes of a route response without a body is nowhere written down; so the replies there are
 * (errors, `accepted`, the outcome of a repeat) are posted.
 */
export function durableHandler(
  action: DurableAction,
  judge: Judge,
): (event: FrameEvent) => Promise<{ readonly statusCode: 200 }> {
  const db = createDynamoDb();
  const answer = makeDurable(action, judge, {
    turns: createTurns({
      db,
      table: variable('connections'),
      rate: rateLimit(numberVariable('messagesPerSecond'), numberVariable('messagesBurst')),
    }),
    members: createMembership({ db, table: variable('rooms') }),
    inbox: createInbox({ db, table: variable('inbox'), days: numberVariable('inboxDays') }),
    log: createLog({ db, table: variable('messages') }),
  });
  return postReplies(answer);
}

/** Runs a route whose replies, if there are any, are posted. */
export function postReplies(
  answer: (body: string, connection: string) => Promise<Answer>,
): (event: FrameEvent) => Promise<{ readonly statusCode: 200 }> {
  const connections = createConnectionsApi(
    callbackEndpoint(variable('callbackUrl'), REPLY_SOCKETS),
  );
  return async (event) => {
    const reply = await answerFrame(event, answer);
    if (reply !== undefined) {
      const { connectionId } = event.requestContext;
      await connections.post(connectionId, payload(JSON.stringify(reply)), REPLY_TIMEOUT_MS);
    }
    return { statusCode: 200 };
  };
}
