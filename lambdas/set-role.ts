import { parseFields, refuse, SetRoleFields } from '../protocol/requests.ts';
import { done, governed } from './core/change.ts';
import { changeHandler } from './core/change-handler.ts';
import { otherOwner } from './core/other-owner.ts';

/** `set_role`: an owner says what somebody is in the room, or steps down beside another owner. */
const judge = governed('set_role', async (asked) => {
  const frame = parseFields(SetRoleFields, asked.envelope);
  if ('refused' in frame) return frame;
  const { envelope, room, user, member, members, roster, writes } = asked;
  const { user: name, role } = frame.fields;
  const target = await members.member(room, name);
  if (target === undefined) return refuse(envelope, 'unknown_member');
  if (target.role === role) return done(asked);
  // While the other owner acts, there is one. Who steps down must leave one behind.
  const remaining = target.user === user ? await otherOwner(roster, room, user) : member;
  if (typeof remaining === 'string') return refuse(envelope, 'last_owner');
  return {
    content: { kind: 'role', member: target.user, role },
    also: [writes.setRole(room, target, role), writes.whileMember(room, remaining)],
  };
});

export const handler = changeHandler('set_role', judge);
