import { numberVariable, variable } from '../environment.ts';
import { createDynamoDb } from './aws/dynamodb.ts';
import { createLog, type Log } from './log.ts';
import { rateLimit } from './rate.ts';
import { createMembership, type Membership } from './rooms.ts';
import { createTurns, type Turns } from './turns.ts';

/** What every function that reads logs for a member needs. */
export interface ReaderParts {
  readonly turns: Turns;
  readonly members: Membership;
  readonly log: Log;
}

export function readerParts(): ReaderParts {
  const db = createDynamoDb();
  return {
    turns: createTurns({
      db,
      table: variable('connections'),
      rate: rateLimit(numberVariable('messagesPerSecond'), numberVariable('messagesBurst')),
    }),
    members: createMembership({ db, table: variable('rooms') }),
    log: createLog({ db, table: variable('messages') }),
  };
}
