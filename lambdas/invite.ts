import { parseFields, PersonFields, refuse } from '../protocol/requests.ts';
import { createDynamoDb } from './core/aws/dynamodb.ts';
import { done, governed } from './core/change.ts';
import { changeHandler } from './core/change-handler.ts';
import { createPeople } from './core/people.ts';
import { createRoomQuota } from './core/room-quota.ts';
import { variable } from './environment.ts';

const db = createDynamoDb();
const people = createPeople({ db, table: variable('users') });
const quota = createRoomQuota({ db, table: variable('rooms') });

/** `invite`: somebody is brought into a room, and hears it from then on. */
const judge = governed('invite', async (asked) => {
  const frame = parseFields(PersonFields, asked.envelope);
  if ('refused' in frame) return frame;
  const { envelope, room, member, members, roster, writes } = asked;
  const { user: guest } = frame.fields;
  if (!(await people.exists(guest))) return refuse(envelope, 'unknown_user');
  if ((await members.member(room, guest)) !== undefined) return done(asked);
  if (await roster.isBanned(room, guest)) return refuse(envelope, 'banned');
  if (await quota(guest)) return refuse(envelope, 'too_many_rooms');
  const mutedUntil = await roster.mutedUntil(room, guest);
  return {
    content: { kind: 'join', member: guest },
    also: [
      ...writes.addMember(room, guest, 'member', mutedUntil),
      writes.whileNotBanned(room, guest),
      writes.whileMember(room, member),
    ],
  };
});

export const handler = changeHandler('invite', judge);
