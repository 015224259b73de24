import type { Action } from '../../protocol/actions.ts';
import {
  type Envelope,
  parseEnvelopeOf,
  parseFields,
  refuse,
  type Refused,
  RoomFields,
} from '../../protocol/requests.ts';
import type { Member, Membership } from './rooms.ts';
import type { Session } from './sessions.ts';
import type { Turns } from './turns.ts';

/** What every action of a member in a room begins with. */
export interface RoomTurn {
  readonly envelope: Envelope;
  readonly session: Session;
  readonly room: string;
  readonly member: Member;
}

/**
 * The envelope, the caller's turn, the room and the membership, in the order in which a frame is
 * judged: whoever fails one is told of that one alone.
 */
export async function takeRoomTurn(
  action: Action,
  parts: { readonly turns: Turns; readonly members: Membership },
  body: string,
  connection: string,
): Promise<RoomTurn | Refused> {
  const turn = await takeTurnIn(action, parts.turns, body, connection);
  if ('refused' in turn) return turn;
  const member = await parts.members.member(turn.room, turn.session.user);
  return member === undefined ? refuse(turn.envelope, 'invalid_room_id') : { ...turn, member };
}

/** The same without the membership, for those who ask something else before it. */
export async function takeTurnIn(
  action: Action,
  turns: Turns,
  body: string,
  connection: string,
): Promise<Omit<RoomTurn, 'member'> | Refused> {
  const envelope = parseEnvelopeOf(action, body);
  if ('refused' in envelope) return envelope;
  const session = await turns.take(connection);
  if ('refused' in session) return refuse(envelope, session.refused, session.retryAfter);
  const frame = parseFields(RoomFields, envelope);
  if ('refused' in frame) return frame;
  return { envelope, session, room: frame.fields.room };
}
