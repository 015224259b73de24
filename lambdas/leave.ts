import { refuse } from '../protocol/requests.ts';
import { governed } from './core/change.ts';
import { changeHandler } from './core/change-handler.ts';
import { otherOwner } from './core/other-owner.ts';

/**
 * `leave`: a member goes. The last owner stays while others are there; who leaves an empty room behind
 * takes it out of the list of public rooms.
 */
const judge = governed('leave', async ({ envelope, room, user, member, roster, writes }) => {
  const content = { kind: 'leave', member: user, reason: 'left' } as const;
  const removal = writes.removeMember(room, member);
  if (member.role !== 'owner') return { content, also: removal };
  const other = await otherOwner(roster, room, user);
  if (other === 'none') return refuse(envelope, 'last_owner');
  const condition = other === 'alone' ? writes.unlist(room) : writes.whileMember(room, other);
  return { content, also: [...removal, condition] };
});

export const handler = changeHandler('leave', judge);
