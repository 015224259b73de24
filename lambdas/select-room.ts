import { LATEST_MESSAGES, PAGE_MAX_COUNT } from '../protocol/limits.ts';
import { refuse } from '../protocol/requests.ts';
import { createDynamoDb } from './core/aws/dynamodb.ts';
import { type Entry, toWire } from './core/entry.ts';
import type { Log } from './core/log.ts';
import { createOnline, type Online } from './core/online.ts';
import { replyRoom } from './core/page.ts';
import { type ReaderParts, readerParts } from './core/reader.ts';
import { type Answer, type FrameEvent, replyTo, type RouteResponse } from './core/reply.ts';
import { takeRoomTurn } from './core/room-turn.ts';
import { createViewers, type Viewers } from './core/viewers.ts';
import { variable } from './environment.ts';

/**
 * `select_room`: the latest messages of a room, oldest first, and its head. The connection is entered
 * among the room's recipients before the log is read, so that no message falls between the reply and
 * the first broadcast; one that is in both has the same `seq` twice. From then on the connection looks
 * at this room, and at no other: what is going on in it besides is told to it.
 */
export function makeSelectRoom(
  parts: ReaderParts & { readonly online: Online; readonly viewers: Viewers },
): (body: string, connection: string) => Promise<Answer> {
  const { members, online, viewers, log } = parts;
  return async (body, connection) => {
    const turn = await takeRoomTurn('select_room', parts, body, connection);
    if ('refused' in turn) return turn;
    const { envelope, room, session } = turn;

    const recipient = { connection, ...session };
    await Promise.all([online.enter(recipient, [room]), viewers.look(recipient, room)]);
    const [stillIn, { messages, head, reachedStart }] = await Promise.all([
      members.member(room, session.user),
      latestMessages(log, room),
    ]);
    if (stillIn === undefined) {
      // Removed in this moment: whoever took the rows away may have done so before they were written.
      await online.leaveRoom(room, [connection]);
      return refuse(envelope, 'invalid_room_id');
    }
    const shown = replyRoom().take(messages.slice(0, LATEST_MESSAGES).map(toWire));
    return {
      uuid: envelope.uuid,
      action: 'select_room',
      status: 'success',
      room,
      room_messages: shown.toReversed(),
      head,
      ...(shown.length < messages.length || !reachedStart ? { more: true } : {}),
    };
  };
}

/** Pages of the log that are looked through for messages, when it holds much else. */
const PAGES = 5;

/** The newest messages of a room, newest first: one more than is shown, where there are as many. */
async function latestMessages(log: Log, room: string) {
  const messages: Entry[] = [];
  let head: number | undefined;
  let before = Number.MAX_SAFE_INTEGER;
  for (let page = 0; page < PAGES && messages.length <= LATEST_MESSAGES && before > 1; page += 1) {
    // Most logs hold hardly anything but messages, so the first look is no longer than it need be.
    const count = page === 0 ? LATEST_MESSAGES + 1 : PAGE_MAX_COUNT;
    const entries = await log.tail(room, count, { before });
    head ??= entries[0]?.seq ?? 0;
    messages.push(...entries.filter(({ kind }) => kind === 'message'));
    before = entries.length < count ? 0 : (entries.at(-1)?.seq ?? 0);
  }
  return { messages, head: head ?? 0, reachedStart: before <= 1 };
}

const connections = { db: createDynamoDb(), table: variable('connections') };
const selectRoom = makeSelectRoom({
  ...readerParts(),
  online: createOnline(connections),
  viewers: createViewers(connections),
});

export const handler = (event: FrameEvent): Promise<RouteResponse> => replyTo(event, selectRoom);
