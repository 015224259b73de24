import { type Envelope, refuse, type Refused } from '../../protocol/requests.ts';
import { isAtLeast } from '../../protocol/roles.ts';
import type { Entry } from './entry.ts';
import type { Log } from './log.ts';
import type { Member } from './rooms.ts';

/** The message that an action is about, if there is one that still says something. */
export async function findTarget(log: Log, room: string, seq: number): Promise<Entry | undefined> {
  const [entry] = Number.isSafeInteger(seq) ? await log.from(room, seq, 1) : [];
  const there = entry?.seq === seq && entry.kind === 'message' && entry.said !== undefined;
  return there ? entry : undefined;
}

/** Only its author may change a message, or a moderator of the room. */
export const mayChange = (member: Member, message: Entry): boolean =>
  message.user === member.user || isAtLeast(member.role, 'moderator');

/** The message that somebody wants to change, or why not. */
export async function changeable(
  asked: { readonly envelope: Envelope; readonly room: string; readonly log: Log },
  member: Member,
  seq: number,
): Promise<Entry | Refused> {
  const message = await findTarget(asked.log, asked.room, seq);
  if (message === undefined) return refuse(asked.envelope, 'invalid_target');
  return mayChange(member, message) ? message : refuse(asked.envelope, 'forbidden');
}
