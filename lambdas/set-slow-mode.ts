import { parseFields, SetSlowModeFields } from '../protocol/requests.ts';
import { createDynamoDb } from './core/aws/dynamodb.ts';
import { done, governed } from './core/change.ts';
import { plainHandler } from './core/change-handler.ts';
import { createSettings } from './core/settings.ts';
import { variable } from './environment.ts';

const settings = createSettings({ db: createDynamoDb(), table: variable('rooms') });

/** `set_slow_mode`: plain members say one thing in so many seconds; 0 ends it. */
const judge = governed('set_slow_mode', async (asked) => {
  const frame = parseFields(SetSlowModeFields, asked.envelope);
  if ('refused' in frame) return frame;
  await settings.setSlowMode(asked.room, frame.fields.seconds);
  return done(asked);
});

export const handler = plainHandler('set_slow_mode', judge);
