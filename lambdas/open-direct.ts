import { parseFields, PersonFields, refuse } from '../protocol/requests.ts';
import { createDynamoDb } from './core/aws/dynamodb.ts';
import { sha256Hex } from './core/aws/signature.ts';
import { type ChangeJudge, done, type RoomOf } from './core/change.ts';
import { changeHandler } from './core/change-handler.ts';
import { createPeople } from './core/people.ts';
import { createRoomQuota } from './core/room-quota.ts';
import { variable } from './environment.ts';

/** Characters of the hash in a direct room's id. */
const HASH_LENGTH = 32;

/** The same for both, whoever opens it: two people have one direct room. */
const roomOf: RoomOf = (envelope, user) => {
  const frame = parseFields(PersonFields, envelope);
  if ('refused' in frame) return frame;
  const pair = [user, frame.fields.user].toSorted();
  return `direct.${sha256Hex(pair.join('#')).slice(0, HASH_LENGTH)}`;
};

const db = createDynamoDb();
const people = createPeople({ db, table: variable('users') });
const quota = createRoomQuota({ db, table: variable('rooms') });

/**
 * `open_direct`: the room of two people, made when the first of them asks for it; with oneself, it is
 * a place for notes. Nobody else ever gets in, and neither of them out.
 */
const judge: ChangeJudge = async (asked) => {
  const frame = parseFields(PersonFields, asked.envelope);
  if ('refused' in frame) return frame;
  const { envelope, room, user, found, writes } = asked;
  const { user: other } = frame.fields;
  if (found !== undefined) return done(asked);
  if (!(await people.exists(other))) return refuse(envelope, 'unknown_user');
  const members = [...new Set([user, other])];
  const full = await Promise.all(members.map(quota));
  if (full.includes(true)) return refuse(envelope, 'too_many_rooms');
  return {
    content: { kind: 'join', member: other },
    also: [
      writes.newRoom(room, { name: '', kind: 'direct', pair: members }),
      ...members.flatMap((member) => writes.addMember(room, member, 'member')),
    ],
  };
};

export const handler = changeHandler('open_direct', judge, roomOf);
