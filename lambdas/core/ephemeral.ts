import type { Action } from '../../protocol/actions.ts';
import type { SignalFrame, TypingFrame } from '../../protocol/pushed.ts';
import { type Envelope, refuse, type Refused } from '../../protocol/requests.ts';
import type { Deliver } from './deliver.ts';
import type { Recipient } from './recipients.ts';
import type { Answer } from './reply.ts';
import { takeRoomTurn } from './room-turn.ts';
import { type Member, type Membership, mutedSeconds } from './rooms.ts';
import type { Turns } from './turns.ts';
import type { Viewers } from './viewers.ts';

/**
 * The way of what is shown and never stored: the caller's turn, the room, the member, and a post to
 * those who look at the room. The reply comes when that is done, so a client that waits for it before
 * it sends the next is never ahead of a slow line.
 */
export interface EphemeralParts {
  readonly turns: Turns;
  readonly members: Membership;
  readonly viewers: Viewers;
  readonly deliver: Deliver;
  readonly now?: () => number;
}

export interface AskedEphemeral {
  readonly envelope: Envelope;
  readonly connection: string;
  readonly room: string;
  readonly member: Member;
  readonly now: number;
}

/** What is posted, and to which of those who look at the room; undefined when there is nothing to say. */
export type Ephemeral =
  | { readonly frame: TypingFrame | SignalFrame; readonly to: (viewer: Recipient) => boolean }
  | undefined;

/** Milliseconds for all posts: what is shown for a moment is not worth more. */
const POSTS_MS = 5_000;

export function makeEphemeral(
  action: Action,
  judge: (asked: AskedEphemeral) => Promise<Ephemeral | Refused>,
  parts: EphemeralParts,
): (body: string, connection: string) => Promise<Answer> {
  const { viewers, deliver, now = Date.now } = parts;
  return async (body, connection) => {
    const turn = await takeRoomTurn(action, parts, body, connection);
    if ('refused' in turn) return turn;
    const { envelope, room, member } = turn;
    if (member.role === 'read-only') return refuse(envelope, 'forbidden');
    const muted = mutedSeconds(member, now());
    if (muted !== undefined) return refuse(envelope, 'muted', muted);
    const judged = await judge({ envelope, connection, room, member, now: now() });
    if (judged !== undefined && 'refused' in judged) return judged;
    if (judged !== undefined) {
      const recipients = (await viewers.of(room)).filter(judged.to);
      await deliver(recipients, [judged.frame], now() + POSTS_MS);
    }
    return { uuid: envelope.uuid, action, status: 'success', room };
  };
}
