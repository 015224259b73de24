import { parseFields, PersonFields, refuse } from '../protocol/requests.ts';
import { mayActOn } from './core/authority.ts';
import { governed } from './core/change.ts';
import { changeHandler } from './core/change-handler.ts';

/** `kick`: a moderator puts somebody out, who may come back. */
const judge = governed('kick', async ({ envelope, room, user, member, members, writes }) => {
  const frame = parseFields(PersonFields, envelope);
  if ('refused' in frame) return frame;
  const target = await members.member(room, frame.fields.user);
  if (target === undefined) return refuse(envelope, 'unknown_member');
  if (target.user === user || !mayActOn(member.role, target.role)) {
    return refuse(envelope, 'forbidden');
  }
  return {
    content: { kind: 'leave', member: target.user, reason: 'kicked' },
    also: [...writes.removeMember(room, target), writes.whileMember(room, member)],
  };
});

export const handler = changeHandler('kick', judge);
