import type { DurableAction } from '../../protocol/actions.ts';
import type { Content } from '../../protocol/content.ts';
import { type Envelope, refuse, type Refused } from '../../protocol/requests.ts';
import { findEntry } from './find-entry.ts';
import { toFrame } from './frames.ts';
import type { Acceptance, InboxWithMemory } from './inbox.ts';
import type { Log } from './log.ts';
import type { Answer } from './reply.ts';
import { takeTurnIn } from './room-turn.ts';
import { type Member, type Membership, mutedSeconds } from './rooms.ts';
import type { Session } from './sessions.ts';
import type { Turns } from './turns.ts';

/**
 * The way of every durable action: the caller's turn, the room, the member, what the action itself
 * demands, and one conditional write under the sender's uuid. It is posted to nobody from here: the
 * Inbox's stream gets it its number and its readers. A repeat of the uuid changes nothing, and is
 * answered to its sender with the original outcome.
 */
export interface DurableParts {
  readonly turns: Turns;
  readonly members: Membership;
  readonly inbox: InboxWithMemory;
  readonly log: Log;
  readonly now?: () => number;
}

/** What a judge knows of a frame when its action's own rules are asked. */
export interface Asked {
  readonly envelope: Envelope;
  readonly room: string;
  readonly member: Member;
  readonly log: Log;
}

export interface Judged {
  readonly content: Content;
  readonly ifHead?: number;
  /** Writes of the same transaction, each under its condition. */
  readonly also?: readonly object[];
  /** The answer when one of these conditions fails; default: `forbidden`. */
  readonly conflict?: Refused;
}

export type Judge = (asked: Asked) => Promise<Judged | Refused>;

export function makeDurable(
  action: DurableAction,
  judge: Judge,
  parts: DurableParts,
): (body: string, connection: string) => Promise<Answer> {
  const { turns, members, inbox, log, now = Date.now } = parts;

  const verdict = async (envelope: Envelope, room: string, user: string) => {
    const member = await members.member(room, user);
    if (member === undefined) return refuse(envelope, 'invalid_room_id');
    if (member.role === 'read-only') return refuse(envelope, 'forbidden');
    const muted = mutedSeconds(member, now());
    if (muted !== undefined) return refuse(envelope, 'muted', muted);
    return judge({ envelope, room, member, log });
  };

  return async (body, connection) => {
    const turn = await takeTurnIn(action, turns, body, connection);
    if ('refused' in turn) return turn;
    const { envelope, session, room } = turn;
    const { uuid } = envelope;
    const entry = { room, user: session.user, uuid, action };
    const judged = await verdict(envelope, room, session.user);
    if ('refused' in judged) {
      // What was accepted before stays so, whatever has become of its sender, or of its target by itself.
      const accepted = await inbox.before(entry);
      if (accepted === undefined) return judged;
      return answerAccepted(log, action, { envelope, room, accepted, ...session });
    }
    const { also, conflict = refuse(envelope, 'forbidden'), ...said } = judged;
    const accepted = await inbox.accept({ ...entry, ...said }, also);
    if (accepted === 'conflict') return conflict;
    return answerAccepted(log, action, { envelope, room, accepted, ...session });
  };
}

/** To the sender alone: of a repeat what the first became, of a new entry that it is stored. */
export async function answerAccepted(
  log: Log,
  action: DurableAction,
  asked: Session & {
    readonly envelope: Envelope;
    readonly room: string;
    readonly accepted: Acceptance;
  },
): Promise<Answer> {
  const { envelope, room, user, accepted, features } = asked;
  const { uuid } = envelope;
  if (accepted.repeated) {
    const outcome = await outcomeOf(log, envelope, { room, user, uuid, ...accepted });
    if (outcome !== undefined) return outcome;
  }
  return features.includes('ack') ? { uuid, action, status: 'accepted', room } : undefined;
}

/** What became of an earlier frame with this uuid; undefined while that is still to come. */
async function outcomeOf(
  log: Log,
  envelope: Envelope,
  sought: {
    readonly room: string;
    readonly user: string;
    readonly uuid: string;
    readonly acceptedAt: number;
    readonly ifHead?: number;
  },
): Promise<Answer> {
  const found = await findEntry(log, sought);
  if (found !== undefined) return toFrame(found.entry, found.head);
  if (sought.ifHead === undefined) return undefined;
  const head = (await log.tail(sought.room, 1))[0]?.seq ?? 0;
  return head === sought.ifHead ? undefined : { ...refuse(envelope, 'head_moved'), head };
}
