import { parseFields, PersonFields, refuse } from '../protocol/requests.ts';
import { mayActOn } from './core/authority.ts';
import { createDynamoDb } from './core/aws/dynamodb.ts';
import { done, governed } from './core/change.ts';
import { changeHandler } from './core/change-handler.ts';
import { createPeople } from './core/people.ts';
import { variable } from './environment.ts';

const people = createPeople({ db: createDynamoDb(), table: variable('users') });

/** `ban`: a moderator puts somebody out, or keeps somebody out who is not in, until `unban`. */
const judge = governed('ban', async (asked) => {
  const frame = parseFields(PersonFields, asked.envelope);
  if ('refused' in frame) return frame;
  const { envelope, room, user, member, members, roster, writes } = asked;
  const { user: banned } = frame.fields;
  if (banned === user) return refuse(envelope, 'forbidden');
  const target = await members.member(room, banned);
  if (target !== undefined && !mayActOn(member.role, target.role)) {
    return refuse(envelope, 'forbidden');
  }
  if (target === undefined) {
    if (!(await people.exists(banned))) return refuse(envelope, 'unknown_user');
    if (await roster.isBanned(room, banned)) return done(asked);
  }
  const removal =
    target === undefined ? [writes.whileNoMember(room, banned)] : writes.removeMember(room, target);
  return {
    content: { kind: 'leave', member: banned, reason: 'banned' },
    also: [...removal, writes.addBan(room, banned, user), writes.whileMember(room, member)],
  };
});

export const handler = changeHandler('ban', judge);
