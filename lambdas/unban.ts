import { parseFields, PersonFields } from '../protocol/requests.ts';
import { createDynamoDb } from './core/aws/dynamodb.ts';
import { done, governed } from './core/change.ts';
import { plainHandler } from './core/change-handler.ts';
import { createSettings } from './core/settings.ts';
import { variable } from './environment.ts';

const settings = createSettings({ db: createDynamoDb(), table: variable('rooms') });

/** `unban`: somebody may come back; nobody is told. */
const judge = governed('unban', async (asked) => {
  const frame = parseFields(PersonFields, asked.envelope);
  if ('refused' in frame) return frame;
  await settings.removeBan(asked.room, frame.fields.user);
  return done(asked);
});

export const handler = plainHandler('unban', judge);
