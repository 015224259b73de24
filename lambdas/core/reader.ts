import { numberVariable, variable } from '../environment.ts';
import { createDynamoDb } from './aws/dynamodb.ts';
import { createLog, type Log } from './log.ts';
import { rateLimit } from './rate.ts';
import { createMembership, type Membership } from './rooms.ts';
import { createTurns, type Turns } from './turns.ts';

/** What every function that acts for a member needs. */
interface MemberParts {
  readonly turns: Turns;
  readonly members: Membership;
}

export function memberParts(): MemberParts {
  const db = createDynamoDb();
  return {
    turns: createTurns({
      db,
      table: variable('connections'),
      rate: rateLimit(numberVariable('messagesPerSecond'), numberVariable('messagesBurst')),
    }),
    members: createMembership({ db, table: variable('rooms') }),
  };
}

/** What every function that reads logs for a member needs. */
export interface ReaderParts extends MemberParts {
  readonly log: Log;
}

export function readerParts(): ReaderParts {
  return {
    ...memberParts(),
    log: createLog({ db: createDynamoDb(), table: variable('messages') }),
  };
}
