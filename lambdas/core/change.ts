import type { Action, DurableAction } from '../../protocol/actions.ts';
import type { Reply } from '../../protocol/replies.ts';
import {
  type Envelope,
  parseEnvelopeOf,
  parseFields,
  refuse,
  type Refused,
  RoomFields,
} from '../../protocol/requests.ts';
import { type Governed, mayDo } from './authority.ts';
import { answerAccepted, type Judged } from './durable.ts';
import type { InboxWithMemory } from './inbox.ts';
import type { Log } from './log.ts';
import type { Answer } from './reply.ts';
import type { RoomWrites } from './room-writes.ts';
import { type Member, type Membership, mutedSeconds } from './rooms.ts';
import type { Room, Roster } from './roster.ts';
import type { Turns } from './turns.ts';

/**
 * The way of every change to a room and its people: its entry in the log and the rows it changes are
 * written in one transaction, so that neither is ever without the other. Whoever was overtaken is
 * judged again by the rows as they are then. A repeat of the uuid changes nothing, and is answered with
 * what the first one became, even when its sender is out of the room by now.
 */
export interface ChangeParts {
  readonly turns: Turns;
  readonly members: Membership;
  readonly roster: Roster;
  readonly writes: RoomWrites;
  readonly inbox: InboxWithMemory;
  readonly log: Log;
  readonly now?: () => number;
}

/** What is known when a change is judged; its sender need not be a member, nor the room exist. */
export interface AskedChange {
  readonly envelope: Envelope;
  readonly room: string;
  readonly user: string;
  readonly member: Member | undefined;
  readonly found: Room | undefined;
  readonly members: Membership;
  readonly roster: Roster;
  readonly writes: RoomWrites;
  /** Milliseconds. */
  readonly now: number;
}

/** Asked by a member, who may. */
export interface AskedByMember extends AskedChange {
  readonly member: Member;
  readonly found: Room;
}

/** What becomes an entry, why nothing does, or that nothing needs to. */
export type Verdict = Judged | Refused | Reply;
export type ChangeJudge = (asked: AskedChange) => Promise<Verdict>;

/** The room an action is about; most frames name it. */
export type RoomOf = (envelope: Envelope, user: string) => string | Refused;

export const namedRoom: RoomOf = (envelope) => {
  const frame = parseFields(RoomFields, envelope);
  return 'refused' in frame ? frame : frame.fields.room;
};

/** It is so already, or is so now, and no entry says it. */
export const done = ({ envelope: { uuid, action }, room }: AskedChange): Reply => ({
  uuid,
  action: action as Action,
  status: 'success',
  room,
});

/** What members alone may ask: without the right to it, nothing else of the frame is looked at. */
export const governed =
  <Outcome extends Verdict>(action: Governed, judge: (asked: AskedByMember) => Promise<Outcome>) =>
  async (asked: AskedChange): Promise<Outcome | Refused> => {
    const { envelope, member, found = UNKNOWN_ROOM } = asked;
    if (member === undefined) return refuse(envelope, 'invalid_room_id');
    if (!mayDo(action, member.role, found.kind)) return refuse(envelope, 'forbidden');
    return judge({ ...asked, member, found });
  };

/** A room whose members were written by hand, and nothing else of it. */
const UNKNOWN_ROOM: Room = { name: '', kind: 'private', slowSeconds: 0, pair: [] };

/** Who was overtaken by others this often has a room that changes faster than it can be judged. */
const TRIES = 5;

export function makeChange(
  action: DurableAction,
  judge: ChangeJudge,
  parts: ChangeParts,
  roomOf: RoomOf = namedRoom,
): (body: string, connection: string) => Promise<Answer> {
  const { turns, members, roster, writes, inbox, log, now = Date.now } = parts;

  const verdict = async (envelope: Envelope, room: string, user: string): Promise<Verdict> => {
    const [member, found] = await Promise.all([members.member(room, user), roster.room(room)]);
    // To leave is no way to speak, nor is it a way out of a mute.
    const muted = action === 'leave' ? undefined : member && mutedSeconds(member, now());
    if (muted !== undefined) return refuse(envelope, 'muted', muted);
    return judge({ envelope, room, user, member, found, members, roster, writes, now: now() });
  };

  return async (body, connection) => {
    const envelope = parseEnvelopeOf(action, body);
    if ('refused' in envelope) return envelope;
    const turn = await turns.take(connection);
    if ('refused' in turn) return refuse(envelope, turn.refused, turn.retryAfter);
    const room = roomOf(envelope, turn.user);
    if (typeof room !== 'string') return room;
    const { uuid } = envelope;
    const entry = { room, user: turn.user, uuid, action };
    const before = await inbox.before(entry);
    if (before !== undefined) {
      return answerAccepted(log, action, { envelope, room, accepted: before, ...turn });
    }
    for (let tried = 0; tried < TRIES; tried += 1) {
      const judged = await verdict(envelope, room, turn.user);
      if (!('content' in judged)) return judged;
      const accepted = await inbox.accept({ ...entry, content: judged.content }, judged.also);
      if (accepted !== 'conflict') {
        return answerAccepted(log, action, { envelope, room, accepted, ...turn });
      }
    }
    throw new Error('The room changes faster than a change of it can be judged');
  };
}

/** A change or a question that no entry tells of: judged alike, and answered at once. */
export function makePlain(
  action: Action,
  judge: (asked: AskedChange) => Promise<Refused | Reply>,
  parts: Omit<ChangeParts, 'inbox' | 'log'>,
): (body: string, connection: string) => Promise<Answer> {
  const { turns, members, roster, writes, now = Date.now } = parts;
  return async (body, connection) => {
    const envelope = parseEnvelopeOf(action, body);
    if ('refused' in envelope) return envelope;
    const turn = await turns.take(connection);
    if ('refused' in turn) return refuse(envelope, turn.refused, turn.retryAfter);
    const room = namedRoom(envelope, turn.user);
    if (typeof room !== 'string') return room;
    const { user } = turn;
    const [member, found] = await Promise.all([members.member(room, user), roster.room(room)]);
    return judge({ envelope, room, user, member, found, members, roster, writes, now: now() });
  };
}
