import { ONLINE_COUNT_MAX } from '../protocol/limits.ts';
import type { ListedRoom } from '../protocol/replies.ts';
import { ListRoomsFields, parseEnvelopeOf, parseFields, refuse } from '../protocol/requests.ts';
import { createDynamoDb } from './core/aws/dynamodb.ts';
import type { Log } from './core/log.ts';
import { createOccupancy, devicesByUser, type Occupancy } from './core/occupancy.ts';
import { replyRoom } from './core/page.ts';
import { readerParts } from './core/reader.ts';
import { type Answer, type FrameEvent, replyTo, type RouteResponse } from './core/reply.ts';
import { createRoomList, type RoomList, type RoomOfUser } from './core/room-list.ts';
import type { Turns } from './core/turns.ts';
import { unreadOf } from './core/unread.ts';
import { ROOMS_BY_USER, variable } from './environment.ts';

/**
 * `list_rooms`: the rooms of the user, by id, each with its people, its newest message and what is
 * unread. Rooms that do not fit the reply are left for the next page.
 */
export function makeListRooms(parts: {
  readonly turns: Turns;
  readonly list: RoomList;
  readonly occupancy: Occupancy;
  readonly log: Log;
}): (body: string, connection: string) => Promise<Answer> {
  const { turns, list, occupancy, log } = parts;

  const describe = async ({ id, room, member }: RoomOfUser, user: string): Promise<ListedRoom> => {
    const [occupants, unread] = await Promise.all([occupancy(id), unreadOf(log, id, member)]);
    const online = devicesByUser(occupants).size;
    const { name = '', kind = 'private', pair = [] } = room ?? {};
    const [other] = pair.length > 1 ? pair.filter((one) => one !== user) : pair;
    const direct = other === undefined ? {} : { other };
    return { id, name, kind, ...direct, role: member.role, online, ...unread };
  };

  return async (body, connection) => {
    const envelope = parseEnvelopeOf('list_rooms', body);
    if ('refused' in envelope) return envelope;
    const turn = await turns.take(connection);
    if ('refused' in turn) return refuse(envelope, turn.refused, turn.retryAfter);
    const frame = parseFields(ListRoomsFields, envelope);
    if ('refused' in frame) return frame;
    const { after, limit } = frame.fields;
    const place = { limit, ...(after === undefined ? {} : { after }) };
    const page = await list.page(turn.user, place);
    const described = await inOrder(page.rooms, ROOMS_AT_ONCE, (room) => describe(room, turn.user));
    const rooms = replyRoom().take(described);
    const next = rooms.length < described.length ? rooms.at(-1)?.id : page.next;
    const { uuid } = envelope;
    return {
      uuid,
      action: 'list_rooms',
      status: 'success',
      rooms,
      ...(next === undefined ? {} : { more: true, next }),
    };
  };
}

/** Rooms looked at side by side: each may bring a page of long messages into memory. */
const ROOMS_AT_ONCE = 16;

/** Does the same for all of them, so many at once; the results are in the order of the inputs. */
async function inOrder<Input, Output>(
  inputs: readonly Input[],
  atOnce: number,
  work: (input: Input) => Promise<Output>,
): Promise<readonly Output[]> {
  const outputs: Output[] = [];
  const queue = inputs.entries();
  const worker = async () => {
    for (const [index, input] of queue) outputs[index] = await work(input);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, inputs.length) }, worker));
  return outputs;
}

const db = createDynamoDb();
const { turns, log } = readerParts();
const listRooms = makeListRooms({
  turns,
  log,
  list: createRoomList({ db, table: variable('rooms'), index: ROOMS_BY_USER }),
  occupancy: createOccupancy({ db, table: variable('connections'), atMost: ONLINE_COUNT_MAX }),
});

export const handler = (event: FrameEvent): Promise<RouteResponse> => replyTo(event, listRooms);
