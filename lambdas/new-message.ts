import {
  parseEnvelopeOf,
  parseFields,
  refuse,
  RoomFields,
  TextFields,
} from '../protocol/requests.ts';
import { callbackEndpoint, createConnectionsApi, payload } from './core/aws/connections-api.ts';
import { createDynamoDb } from './core/aws/dynamodb.ts';
import { createInbox, type Inbox } from './core/inbox.ts';
import { findEntry } from './core/find-entry.ts';
import { toFrame } from './core/frames.ts';
import { createLog, type Log } from './core/log.ts';
import { rateLimit } from './core/rate.ts';
import { type Answer, answerFrame, type FrameEvent } from './core/reply.ts';
import { createMembership, type Membership } from './core/rooms.ts';
import { createTurns, type Turns } from './core/turns.ts';
import { numberVariable, variable } from './environment.ts';

/**
 * `new_message`: somebody says something in a room. It is stored once under the sender's uuid, the
 * sender being the session's and never the frame's; a repeat of the uuid changes nothing, and is answered
 * to its sender with the original outcome. It is posted to nobody else from here: the Inbox's stream gets it its number and its readers, so that a slow reader
 * cannot slow a writer. The success a client waits for is the broadcast. A client with feature `ack`
 * is told at once that the message is stored.
 */
export function makeNewMessage(parts: {
  readonly turns: Turns;
  readonly members: Membership;
  readonly inbox: Inbox;
  readonly log: Log;
}): (body: string, connection: string) => Promise<Answer> {
  const { turns, members, inbox, log } = parts;
  return async (body, connection) => {
    const envelope = parseEnvelopeOf('new_message', body);
    if ('refused' in envelope) return envelope;
    const turn = await turns.take(connection);
    if ('refused' in turn) return refuse(envelope, turn.refused, turn.retryAfter);
    const frame = parseFields(RoomFields, envelope);
    if ('refused' in frame) return frame;
    const { room } = frame.fields;
    if (!(await members.isMember(room, turn.user))) return refuse(envelope, 'invalid_room_id');
    const message = parseFields(TextFields, envelope);
    if ('refused' in message) return message;

    const { uuid } = envelope;
    const { user } = turn;
    const accepted = await inbox.accept({ room, user, uuid, text: message.fields.text });
    if (accepted.repeated) {
      const found = await findEntry(log, { room, user, uuid, acceptedAt: accepted.acceptedAt });
      if (found !== undefined) return toFrame(found.entry, found.head);
    }
    if (!turn.features.includes('ack')) return undefined;
    return { uuid, action: 'new_message', status: 'accepted', room };
  };
}

const db = createDynamoDb();
const newMessage = makeNewMessage({
  turns: createTurns({
    db,
    table: variable('connections'),
    rate: rateLimit(numberVariable('messagesPerSecond'), numberVariable('messagesBurst')),
  }),
  members: createMembership({ db, table: variable('rooms') }),
  inbox: createInbox({ db, table: variable('inbox'), days: numberVariable('inboxDays') }),
  log: createLog({ db, table: variable('messages') }),
});
const connections = createConnectionsApi(callbackEndpoint(variable('callbackUrl'), 8));

/** Milliseconds. */
const REPLY_TIMEOUT_MS = 3_000;

/**
 * Most frames of this route have no reply, and what API Gateway makes of a route response without a
 * body is nowhere written down; so the replies there are, errors and `accepted`, are posted.
 */
export const handler = async (event: FrameEvent): Promise<{ readonly statusCode: 200 }> => {
  const reply = await answerFrame(event, newMessage);
  if (reply !== undefined) {
    const { connectionId } = event.requestContext;
    await connections.post(connectionId, payload(JSON.stringify(reply)), REPLY_TIMEOUT_MS);
  }
  return { statusCode: 200 };
};
