import { LATEST_MESSAGES, REPLY_MAX_BYTES } from '../protocol/limits.ts';
import type { Message } from '../protocol/replies.ts';
import { parseEnvelopeOf, parseFields, refuse, RoomFields } from '../protocol/requests.ts';
import { createDynamoDb } from './core/aws/dynamodb.ts';
import { createLog, type Log, toMessage } from './core/log.ts';
import { createOnline, type Online } from './core/online.ts';
import { rateLimit } from './core/rate.ts';
import { type Answer, type FrameEvent, replyTo, type RouteResponse } from './core/reply.ts';
import { createMembership, type Membership } from './core/rooms.ts';
import { createTurns, type Turns } from './core/turns.ts';
import { numberVariable, variable } from './environment.ts';

/**
 * `select_room`: the latest messages of a room, oldest first, and its head. The connection is entered
 * among the room's recipients before the log is read, so that no message falls between the reply and
 * the first broadcast; one that is in both has the same `seq` twice.
 */
export function makeSelectRoom(parts: {
  readonly turns: Turns;
  readonly members: Membership;
  readonly online: Online;
  readonly log: Log;
}): (body: string, connection: string) => Promise<Answer> {
  const { turns, members, online, log } = parts;
  return async (body, connection) => {
    const envelope = parseEnvelopeOf('select_room', body);
    if ('refused' in envelope) return envelope;
    const turn = await turns.take(connection);
    if ('refused' in turn) return refuse(envelope, turn.refused, turn.retryAfter);
    const frame = parseFields(RoomFields, envelope);
    if ('refused' in frame) return frame;
    const { room } = frame.fields;
    if (!(await members.isMember(room, turn.user))) return refuse(envelope, 'invalid_room_id');

    await online.enter({ connection, ...turn }, [room]);
    const newestFirst = (await log.tail(room, LATEST_MESSAGES + 1, true)).map(toMessage);
    const shown = fitting(newestFirst.slice(0, LATEST_MESSAGES));
    return {
      uuid: envelope.uuid,
      action: 'select_room',
      status: 'success',
      room,
      room_messages: shown.toReversed(),
      head: newestFirst[0]?.seq ?? 0,
      ...(shown.length < newestFirst.length ? { more: true } : {}),
    };
  };
}

/** What a reply holds beside its messages, generously: ids of the room and the frame. */
const ENVELOPE_BYTES = 2_048;

/** The newest messages that fit one reply: 20 long ones need not. */
function fitting(newestFirst: readonly Message[]): readonly Message[] {
  let bytes = ENVELOPE_BYTES;
  return newestFirst.filter((message) => {
    bytes += Buffer.byteLength(JSON.stringify(message)) + 1;
    return bytes < REPLY_MAX_BYTES;
  });
}

const db = createDynamoDb();
const connections = { db, table: variable('connections') };
const selectRoom = makeSelectRoom({
  turns: createTurns({
    ...connections,
    rate: rateLimit(numberVariable('messagesPerSecond'), numberVariable('messagesBurst')),
  }),
  members: createMembership({ db, table: variable('rooms') }),
  online: createOnline(connections),
  log: createLog({ db, table: variable('messages') }),
});

export const handler = (event: FrameEvent): Promise<RouteResponse> => replyTo(event, selectRoom);
