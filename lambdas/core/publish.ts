import { randomUUID } from 'node:crypto';

import { ERROR_MESSAGES } from '../../protocol/errors.ts';
import { toUsername } from '../../protocol/names.ts';
import { NewMessageFields, parseFields } from '../../protocol/requests.ts';
import type { DynamoDb } from './aws/dynamodb.ts';
import { DirectoryError } from './directory.ts';
import { createInbox } from './inbox.ts';
import { roomKey } from './rows.ts';

/**
 * Says something in a room from behind the functions, as an operator or a backend does: the row that
 * `new_message` would have written, and the stream does the rest. Who writes to the Inbox is trusted:
 * the name need not be that of a user, let alone of a member.
 */
export interface Publish {
  /** Answers the message's uuid; throws a `DirectoryError` for what cannot be said. */
  (room: string, user: string, text: string): Promise<string>;
}

/** How long the row is kept; its uuid is new, so nobody ever repeats it. */
const KEPT_DAYS = 30;

export function createPublish(options: {
  readonly db: DynamoDb;
  readonly roomsTable: string;
  readonly inboxTable: string;
}): Publish {
  const { db, roomsTable, inboxTable } = options;
  const inbox = createInbox({ db, table: inboxTable, days: KEPT_DAYS });

  const mustExist = async (room: string) => {
    const found =
      room !== '' && (await db.call('GetItem', { TableName: roomsTable, Key: roomKey(room) })).Item;
    if (!found) throw new DirectoryError(`There is no room ${room}`);
  };

  return async (room, name, said) => {
    const user = toUsername(name);
    if (user === undefined) {
      throw new DirectoryError(`${JSON.stringify(name)} cannot be a username`);
    }
    const uuid = randomUUID();
    const action = 'new_message';
    const message = parseFields(NewMessageFields, { uuid, action, fields: { text: said } });
    if ('refused' in message) throw new DirectoryError(ERROR_MESSAGES[message.refused]);
    await mustExist(room);
    const { text } = message.fields;
    await inbox.accept({ room, user, uuid, action, content: { kind: 'message', text } });
    return uuid;
  };
}
