import { AuthenticateFields, parseEnvelopeOf, parseFields, refuse } from '../protocol/requests.ts';
import { createDynamoDb } from './core/aws/dynamodb.ts';
import { createOnline, type Online } from './core/online.ts';
import { type Answer, type FrameEvent, replyTo, type RouteResponse } from './core/reply.ts';
import type { Recipient } from './core/recipients.ts';
import { createRoomsOfUser, createStillIn, type RoomsOfUser, type StillIn } from './core/rooms.ts';
import { createSessions, type Sessions } from './core/sessions.ts';
import { createTokens, type Tokens } from './core/tokens.ts';
import { createViewers, type Viewers } from './core/viewers.ts';
import { ROOMS_BY_USER, variable } from './environment.ts';

/**
 * `authenticate`: a token becomes the session of a connection, and the connection becomes a recipient
 * of every room its user is in. A wrong token leaves the socket as it was. Authenticating again renews
 * the session, or hands the connection to another user. The reply comes last: once a client has it,
 * every message from then on is sent to it.
 */
export function makeAuthenticate(parts: {
  readonly tokens: Tokens;
  readonly sessions: Sessions;
  readonly rooms: RoomsOfUser;
  readonly stillIn: StillIn;
  readonly online: Online;
  readonly viewers: Viewers;
}): (body: string, connection: string) => Promise<Answer> {
  const { tokens, sessions, rooms, stillIn, online, viewers } = parts;

  /** The list of rooms may be a little old: who was removed from one in this moment leaves it again. */
  const enterRooms = async (recipient: Recipient) => {
    const listed = await rooms.of(recipient.user);
    await online.enter(recipient, listed);
    const present = await stillIn(recipient.user, listed);
    const left = listed.filter((room) => !present.has(room));
    await Promise.all(left.map((room) => online.leaveRoom(room, [recipient.connection])));
  };

  return async (body, connection) => {
    const envelope = parseEnvelopeOf('authenticate', body);
    if ('refused' in envelope) return envelope;
    const frame = parseFields(AuthenticateFields, envelope);
    if ('refused' in frame) return frame;
    const { token, features } = frame.fields;
    const owner = await tokens.verify(token);
    if (owner === undefined) return refuse(envelope, 'invalid_token');

    const { user } = owner;
    const filled = await sessions.fill(connection, { ...owner, features });
    // The socket was closed in the meantime: there is nobody to answer.
    if (filled === 'gone') return undefined;
    const { previous } = filled;
    if (previous !== undefined && previous !== user) {
      await viewers.lookAway(connection);
      await online.leave(connection, previous, await rooms.of(previous));
    }
    await enterRooms({ connection, user, features });
    const { uuid } = envelope;
    return { uuid, action: 'authenticate', status: 'success', user: { username: user }, features };
  };
}

const db = createDynamoDb();
const connections = { db, table: variable('connections') };
const authenticate = makeAuthenticate({
  tokens: createTokens({ db, table: variable('users') }),
  sessions: createSessions(connections),
  rooms: createRoomsOfUser({ db, table: variable('rooms'), index: ROOMS_BY_USER }),
  stillIn: createStillIn({ db, table: variable('rooms') }),
  online: createOnline(connections),
  viewers: createViewers(connections),
});

export const handler = (event: FrameEvent): Promise<RouteResponse> => replyTo(event, authenticate);
