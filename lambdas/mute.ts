import { MuteFields, parseFields, refuse } from '../protocol/requests.ts';
import { mayActOn } from './core/authority.ts';
import { createDynamoDb } from './core/aws/dynamodb.ts';
import { done, governed } from './core/change.ts';
import { plainHandler } from './core/change-handler.ts';
import { createSettings } from './core/settings.ts';
import { variable } from './environment.ts';

const settings = createSettings({ db: createDynamoDb(), table: variable('rooms') });

/** `mute`: for so many seconds a member reads and does not write; 0 ends it. Nobody else is told. */
const judge = governed('mute', async (asked) => {
  const frame = parseFields(MuteFields, asked.envelope);
  if ('refused' in frame) return frame;
  const { envelope, room, user, member, members, now } = asked;
  const { user: name, seconds } = frame.fields;
  const target = await members.member(room, name);
  if (target === undefined) return refuse(envelope, 'unknown_member');
  if (target.user === user || !mayActOn(member.role, target.role)) {
    return refuse(envelope, 'forbidden');
  }
  const until = seconds === 0 ? undefined : now + seconds * 1_000;
  // Gone or promoted in the meantime: no longer anybody to mute, or not by everybody.
  const outcome = await settings.mute(room, target, until);
  return outcome === 'done' ? done(asked) : refuse(envelope, 'forbidden');
});

export const handler = plainHandler('mute', judge);
