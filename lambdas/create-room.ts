import { CreateRoomFields, parseFields, refuse } from '../protocol/requests.ts';
import { createDynamoDb } from './core/aws/dynamodb.ts';
import { sha256Hex } from './core/aws/signature.ts';
import { type ChangeJudge, done, type RoomOf } from './core/change.ts';
import { changeHandler } from './core/change-handler.ts';
import { createRoomQuota } from './core/room-quota.ts';
import { variable } from './environment.ts';

/** Characters of a room's id. */
const ID_LENGTH = 32;

/** Derived, so that a repeat of the frame finds the room that the first one made. */
const roomOf: RoomOf = ({ uuid }, user) => sha256Hex(`${user}#${uuid}`).slice(0, ID_LENGTH);

const quota = createRoomQuota({ db: createDynamoDb(), table: variable('rooms') });

/** `create_room`: a new room, public or private, with its creator as owner. */
const judge: ChangeJudge = async (asked) => {
  const frame = parseFields(CreateRoomFields, asked.envelope);
  if ('refused' in frame) return frame;
  const { envelope, room, user, found, writes } = asked;
  if (found !== undefined) return done(asked);
  if (await quota(user)) return refuse(envelope, 'too_many_rooms');
  return {
    content: { kind: 'join', member: user },
    also: [writes.newRoom(room, frame.fields), ...writes.addMember(room, user, 'owner')],
  };
};

export const handler = changeHandler('create_room', judge, roomOf);
