import { NewMessageFields, parseFields, refuse } from '../protocol/requests.ts';
import { createDynamoDb } from './core/aws/dynamodb.ts';
import type { Judge } from './core/durable.ts';
import { durableHandler } from './core/durable-handler.ts';
import { createSlowMode } from './core/slow-mode.ts';
import { findTarget } from './core/target.ts';
import { variable } from './environment.ts';

const slowMode = createSlowMode({ db: createDynamoDb(), table: variable('rooms') });

/**
 * `new_message`: somebody says something in a room; the sender is the session's and never the frame's.
 * The success a client waits for is the broadcast. A client with feature `ack` is told at once that the
 * message is stored. With `if_head`, it gets a number only as the entry right behind that one.
 */
const judge: Judge = async ({ envelope, room, member, log }) => {
  const frame = parseFields(NewMessageFields, envelope);
  if ('refused' in frame) return frame;
  const { text, reply_to, mentions, meta, if_head } = frame.fields;
  if (reply_to !== undefined && (await findTarget(log, room, reply_to)) === undefined) {
    return refuse(envelope, 'invalid_reply_to');
  }
  const pause = await slowMode.of(room, member);
  return {
    content: {
      kind: 'message',
      text,
      ...(reply_to === undefined ? {} : { reply_to }),
      ...(mentions === undefined ? {} : { mentions }),
      ...(meta === undefined ? {} : { meta }),
    },
    ...(if_head === undefined ? {} : { ifHead: if_head }),
    ...(pause === undefined
      ? {}
      : { also: pause.also, conflict: refuse(envelope, 'slow_mode', pause.retryAfter) }),
  };
};

export const handler = durableHandler('new_message', judge);
