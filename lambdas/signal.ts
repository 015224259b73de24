import { parseFields, SignalFields } from '../protocol/requests.ts';
import { createDynamoDb } from './core/aws/dynamodb.ts';
import { ephemeralHandler } from './core/ephemeral-handler.ts';
import { createSignalSlots } from './core/signal-slots.ts';
import { variable } from './environment.ts';

const slots = createSignalSlots({ db: createDynamoDb(), table: variable('connections') });

/**
 * `signal`: any small state that changes many times a second, such as a cursor or a move of a game. Of
 * what somebody signals at once, those who look at the room get the latest.
 */
export const handler = ephemeralHandler(
  'signal',
  async ({ envelope, connection, room, member }) => {
    const signal = parseFields(SignalFields, envelope);
    if ('refused' in signal) return signal;
    const order = await slots.take(room, member.user);
    if (order === undefined) return undefined;
    return {
      frame: {
        uuid: envelope.uuid,
        action: 'signal',
        status: 'success',
        room,
        user: { username: member.user },
        data: signal.fields.data,
        order,
      },
      to: (viewer) => viewer.connection !== connection && viewer.features.includes('signals'),
    };
  },
);
