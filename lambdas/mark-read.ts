import {
  MarkReadFields,
  parseEnvelopeOf,
  parseFields,
  refuse,
  RoomFields,
} from '../protocol/requests.ts';
import { createDynamoDb } from './core/aws/dynamodb.ts';
import { createReadMarks, type ReadMarks } from './core/read-marks.ts';
import { type ReaderParts, readerParts } from './core/reader.ts';
import { type Answer, type FrameEvent, replyTo, type RouteResponse } from './core/reply.ts';
import { UNREAD } from './core/rooms.ts';
import { variable } from './environment.ts';

/**
 * `mark_read`: somebody has read a room up to an entry. One write on the member's row, no entry of the
 * log; the reply says where the mark is now, which may be further when another device was faster.
 */
export function makeMarkRead(
  parts: ReaderParts & { readonly marks: ReadMarks },
): (body: string, connection: string) => Promise<Answer> {
  const { turns, members, log, marks } = parts;
  return async (body, connection) => {
    const envelope = parseEnvelopeOf('mark_read', body);
    if ('refused' in envelope) return envelope;
    const turn = await turns.take(connection);
    if ('refused' in turn) return refuse(envelope, turn.refused, turn.retryAfter);
    const frame = parseFields(RoomFields, envelope);
    if ('refused' in frame) return frame;
    const { room } = frame.fields;
    const member = await members.member(room, turn.user);
    if (member === undefined) return refuse(envelope, 'invalid_room_id');
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
      mark = await marks.move(room, turn.user, entry);
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
