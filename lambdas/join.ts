import { refuse } from '../protocol/requests.ts';
import { createDynamoDb } from './core/aws/dynamodb.ts';
import { type ChangeJudge, done } from './core/change.ts';
import { changeHandler } from './core/change-handler.ts';
import { createRoomQuota } from './core/room-quota.ts';
import { variable } from './environment.ts';

const quota = createRoomQuota({ db: createDynamoDb(), table: variable('rooms') });

/** `join`: somebody comes into a public room. Of any other room a stranger learns nothing. */
const judge: ChangeJudge = async (asked) => {
  const { envelope, room, user, member, found, roster, writes } = asked;
  if (member !== undefined) {
    return found?.kind === 'direct' ? refuse(envelope, 'forbidden') : done(asked);
  }
  if (found?.kind !== 'public') return refuse(envelope, 'invalid_room_id');
  if (await roster.isBanned(room, user)) return refuse(envelope, 'banned');
  if (await quota(user)) return refuse(envelope, 'too_many_rooms');
  const mutedUntil = await roster.mutedUntil(room, user);
  return {
    content: { kind: 'join', member: user },
    also: [
      ...writes.addMember(room, user, 'member', mutedUntil),
      writes.whileNotBanned(room, user),
    ],
  };
};

export const handler = changeHandler('join', judge);
