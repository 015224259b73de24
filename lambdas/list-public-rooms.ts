import { ListFields, parseEnvelopeOf, parseFields, refuse } from '../protocol/requests.ts';
import { createDynamoDb } from './core/aws/dynamodb.ts';
import { createPublicRooms, type PublicRooms } from './core/public-rooms.ts';
import { rateLimit } from './core/rate.ts';
import { type Answer, type FrameEvent, replyTo, type RouteResponse } from './core/reply.ts';
import { createTurns, type Turns } from './core/turns.ts';
import { numberVariable, PUBLIC_ROOMS, variable } from './environment.ts';

/** `list_public_rooms`: the rooms that anybody may join, by id, page by page. */
export function makeListPublicRooms(parts: {
  readonly turns: Turns;
  readonly publicRooms: PublicRooms;
}): (body: string, connection: string) => Promise<Answer> {
  const { turns, publicRooms } = parts;
  return async (body, connection) => {
    const envelope = parseEnvelopeOf('list_public_rooms', body);
    if ('refused' in envelope) return envelope;
    const turn = await turns.take(connection);
    if ('refused' in turn) return refuse(envelope, turn.refused, turn.retryAfter);
    const frame = parseFields(ListFields, envelope);
    if ('refused' in frame) return frame;
    const { after, limit } = frame.fields;
    const found = await publicRooms.list(after, limit + 1);
    return {
      uuid: envelope.uuid,
      action: 'list_public_rooms',
      status: 'success',
      rooms: found.slice(0, limit),
      ...(found.length > limit ? { more: true } : {}),
    };
  };
}

const db = createDynamoDb();
const listPublicRooms = makeListPublicRooms({
  turns: createTurns({
    db,
    table: variable('connections'),
    rate: rateLimit(numberVariable('messagesPerSecond'), numberVariable('messagesBurst')),
  }),
  publicRooms: createPublicRooms({ db, table: variable('rooms'), index: PUBLIC_ROOMS }),
});

export const handler = (event: FrameEvent): Promise<RouteResponse> =>
  replyTo(event, listPublicRooms);
