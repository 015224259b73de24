import { HistoryFields, parseFields } from '../protocol/requests.ts';
import { type Entry, toWire } from './core/entry.ts';
import type { Log } from './core/log.ts';
import { replyRoom } from './core/page.ts';
import { type ReaderParts, readerParts } from './core/reader.ts';
import { type Answer, type FrameEvent, replyTo, type RouteResponse } from './core/reply.ts';
import { takeRoomTurn } from './core/room-turn.ts';

/**
 * `history`: a contiguous part of a room's log, of all kinds of entries: those before a number, after
 * one, or around one; the newest when none is named. Messages are as later entries made them.
 */
export function makeHistory(
  parts: ReaderParts,
): (body: string, connection: string) => Promise<Answer> {
  const { log } = parts;
  return async (body, connection) => {
    const turn = await takeRoomTurn('history', parts, body, connection);
    if ('refused' in turn) return turn;
    const { envelope, room } = turn;
    const asked = parseFields(HistoryFields, envelope);
    if ('refused' in asked) return asked;
    const [page, newest] = await Promise.all([read(log, room, asked.fields), log.tail(room, 1)]);
    const fitting = fit(page);
    return {
      uuid: envelope.uuid,
      action: 'history',
      status: 'success',
      room,
      entries: fitting.entries.map(toWire),
      head: newest[0]?.seq ?? 0,
      ...(fitting.more ? { more: true } : {}),
    };
  };
}

interface Place {
  readonly before?: number | undefined;
  readonly after?: number | undefined;
  readonly around?: number | undefined;
  readonly limit: number;
}

interface Page {
  /** Oldest first. */
  readonly entries: readonly Entry[];
  /** Which end is dropped first when the reply is too long for all. */
  readonly keeps: 'oldest' | 'newest';
  readonly more: boolean;
}

async function read(log: Log, room: string, place: Place): Promise<Page> {
  const { before, after, around, limit } = place;
  if (after !== undefined) {
    const entries = await log.from(room, after + 1, limit + 1);
    return { entries: entries.slice(0, limit), keeps: 'oldest', more: entries.length > limit };
  }
  if (around !== undefined) {
    const from = Math.max(1, around - Math.floor(limit / 2));
    const entries = await log.from(room, from, limit + 1);
    const more = from > 1 || entries.length > limit;
    return { entries: entries.slice(0, limit), keeps: 'oldest', more };
  }
  const entries = await log.tail(room, limit + 1, before === undefined ? {} : { before });
  return {
    entries: entries.slice(0, limit).toReversed(),
    keeps: 'newest',
    more: entries.length > limit,
  };
}

/** The part of a page that one reply can carry. */
function fit({ entries, keeps, more }: Page): Pick<Page, 'entries' | 'more'> {
  const ordered = keeps === 'oldest' ? entries : entries.toReversed();
  const { length } = replyRoom().take(ordered.map(toWire));
  const fitting = ordered.slice(0, length);
  return {
    entries: keeps === 'oldest' ? fitting : fitting.toReversed(),
    more: more || length < entries.length,
  };
}

const history = makeHistory(readerParts());

export const handler = (event: FrameEvent): Promise<RouteResponse> => replyTo(event, history);
