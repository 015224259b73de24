import { ERROR_MESSAGES } from '../protocol/errors.ts';
import { PAGE_MAX_COUNT } from '../protocol/limits.ts';
import type { SyncedRoom } from '../protocol/replies.ts';
import { parseEnvelopeOf, parseFields, refuse, SyncFields } from '../protocol/requests.ts';
import { toWire } from './core/entry.ts';
import { replyRoom } from './core/page.ts';
import { type ReaderParts, readerParts } from './core/reader.ts';
import { type Answer, type FrameEvent, replyTo, type RouteResponse } from './core/reply.ts';

/**
 * `sync`: what a client lacks of many rooms at once, given the last number it has of each. There is no
 * horizon: a client that was away for a year gets its pages one after another. A room whose page ends
 * before its head says `more`; none is left out in silence.
 */
export function makeSync(
  parts: ReaderParts,
): (body: string, connection: string) => Promise<Answer> {
  const { turns, members, log } = parts;

  const lacking = async (room: string, user: string, since: number) => {
    if ((await members.member(room, user)) === undefined) return undefined;
    const [entries, newest] = await Promise.all([
      log.from(room, since + 1, PAGE_MAX_COUNT),
      log.tail(room, 1),
    ]);
    const head = newest[0]?.seq ?? 0;
    const last = entries.at(-1)?.seq ?? Math.min(since, head);
    // The two reads race: a head that came in between would tell of entries which the reply does not give.
    const isAll = entries.length < PAGE_MAX_COUNT;
    return { entries: entries.map(toWire), head: isAll ? last : Math.max(head, last) };
  };

  return async (body, connection) => {
    const envelope = parseEnvelopeOf('sync', body);
    if ('refused' in envelope) return envelope;
    const turn = await turns.take(connection);
    if ('refused' in turn) return refuse(envelope, turn.refused, turn.retryAfter);
    const frame = parseFields(SyncFields, envelope);
    if ('refused' in frame) return frame;

    const asked = frame.fields.rooms;
    const found = await Promise.all(
      asked.map(async ([room, since]) => ({
        room,
        since,
        ...(await lacking(room, turn.user, since)),
      })),
    );
    // Every room is in the reply, if only with its head; entries fill what is left, room after room.
    const space = replyRoom(asked.length * ROOM_BYTES);
    const rooms = found.map(({ room, since, entries, head = 0 }): [string, SyncedRoom] => {
      if (entries === undefined) return [room, UNKNOWN];
      const fitting = space.take(entries);
      const more = (fitting.at(-1)?.seq ?? since) < head;
      return [room, { entries: fitting, head, ...(more ? { more } : {}) }];
    });
    const { uuid } = envelope;
    return { uuid, action: 'sync', status: 'success', rooms: Object.fromEntries(rooms) };
  };
}

/** Bytes of a room's part beside its entries: its id, its head. */
const ROOM_BYTES = 256;

/** The same for a room that does not exist and one the user is not in. */
const UNKNOWN: SyncedRoom = {
  code: 'invalid_room_id',
  error_message: ERROR_MESSAGES.invalid_room_id,
};

const sync = makeSync(readerParts());

export const handler = (event: FrameEvent): Promise<RouteResponse> => replyTo(event, sync);
