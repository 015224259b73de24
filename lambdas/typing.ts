import { TYPING_SECONDS } from '../protocol/limits.ts';
import { parseFields, TypingFields } from '../protocol/requests.ts';
import { createDynamoDb } from './core/aws/dynamodb.ts';
import { ephemeralHandler } from './core/ephemeral-handler.ts';
import { createTypists } from './core/typists.ts';
import { variable } from './environment.ts';

const typists = createTypists({ db: createDynamoDb(), table: variable('connections') });

/**
 * `typing`: somebody types, and those who look at the room are told, for so many seconds; or has
 * stopped. Nobody has to take it back: it passes by itself.
 */
export const handler = ephemeralHandler(
  'typing',
  async ({ envelope, connection, room, member }) => {
    const frame = parseFields(TypingFields, envelope);
    if ('refused' in frame) return frame;
    const { typing } = frame.fields;
    const news = await (typing ? typists.begin(connection, room) : typists.end(connection, room));
    if (!news) return undefined;
    return {
      frame: {
        uuid: envelope.uuid,
        action: 'typing',
        status: 'success',
        room,
        user: { username: member.user },
        expires_in: typing ? TYPING_SECONDS : 0,
      },
      to: ({ user, features }) => user !== member.user && features.includes('typing'),
    };
  },
);
