import { MarkReadFields, parseFields, refuse } from '../protocol/requests.ts';
import { createDynamoDb } from './core/aws/dynamodb.ts';
import { createReadMarks, type ReadMarks } from './core/read-marks.ts';
import { type ReaderParts, readerParts } from './core/reader.ts';
import { type Answer, type FrameEvent, replyTo, type RouteResponse } from './core/reply.ts';
import { takeRoomTurn } from './core/room-turn.ts';
import { UNREAD } from './core/rooms.ts';
import { variable } from './environment.ts';

/**
 * `mark_read`: somebody has read a room up to an entry. One write on the member's row, no entry of the
 * log; the reply says where the mark is now, which may be further when another device was faster.
 */
export function makeMarkRead(
  parts: ReaderParts & { readonly marks: ReadMarks },
): (body: string, connection: string) => Promise<Answer> {
  const { log, marks } = parts;
  return async (body, connection) => {
    const turn = await takeRoomTurn('mark_read', parts, body, connection);
    if ('refused' in turn) return turn;
    const { envelope, room, member } = turn;
    const asked = parseFields(MarkReadFields, envelope);
    if ('refused' in asked) return asked;

    const { seq } = asked.fields;
    const [head] = await log.tail(room, 1);
    if (head === undefined || seq > head.seq) return refuse(envelope, 'invalid_mark');
    const before = member.read ?? UNREAD;
    let mark: typeof before | undefined = before;
    if (seq > before.seq) {
      // Most marks are set on the newest entry, which is here already.
      const [entry = head] = seq === head.seq ? [] : await log.from(room, seq, 1);
      mark = await marks.move(room, member.user, entry);
      if (mark === undefined) return refuse(envelope, 'invalid_room_id');
    }
    const unread = Math.max(0, head.n - mark.n);
    return {
      uuid: envelope.uuid,
      action: 'mark_read',
      status: 'success',
      room,
      seq: mark.seq,
      unread,
    };
  };
}

const markRead = makeMarkRead({
  ...readerParts(),
  marks: createReadMarks({ db: createDynamoDb(), table: variable('rooms') }),
});

export const handler = (event: FrameEvent): Promise<RouteResponse> => replyTo(event, markRead);
