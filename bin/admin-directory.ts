import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';

import { type DynamoDb, DynamoDbError, type Item } from '../lambdas/core/aws/dynamodb.ts';
import type { Directory } from '../lambdas/core/directory.ts';
import { createPublish, type Publish } from '../lambdas/core/publish.ts';
import { createRedrive, type Redrive } from '../lambdas/core/redrive.ts';
import { chatDirectory } from './chat-directory.ts';
import { fail } from './command.ts';
import { type DeadLetters, openDeadLetters } from './dead-letters.ts';

/** A chat from behind its functions: its people and rooms, a way to speak in one, and what was given up. */
export interface AdminChat {
  readonly directory: Directory;
  readonly publish: Publish;
  readonly redrive: Redrive;
  /** Of the queue, if there is one. */
  deadLetters(): Promise<DeadLetters | undefined>;
}

/**
 * Finds a chat's tables by their names, which begin with the stack's, and opens them. Here,
 * unlike in the functions, the SDK is used: it knows every place where an operator's credentials may
 * lie.
 */
export async function openChat(options: {
  readonly stack: string;
  /** Of a local chat; absent: AWS. */
  readonly endpoint?: string;
}): Promise<AdminChat> {
  const { stack, endpoint } = options;
  const config =
    endpoint === undefined
      ? {}
      : {
          endpoint,
          region: 'us-east-1',
          credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
        };
  const client = new DynamoDBClient(config);
  const names = await tableNames(client).catch((error: Error) =>
    fail(
      endpoint === undefined
        ? `AWS did not answer: ${error.message}`
        : `No chat answers at ${endpoint}: run npm start first, or name its address with --endpoint, or use --aws`,
    ),
  );
  // CDK names a table after its stack and the path of its construct, which ends in the table's own id.
  const find = (id: string) => {
    const found = names.filter((name) => new RegExp(`^${stack}-\\w*Tables${id}\\w{8}`).test(name));
    const [name] = found;
    if (name === undefined) fail(`There is no ${id} table of a stack named ${stack}`);
    if (found.length > 1) fail(`There are ${found.length} chats in the stack ${stack}`);
    return name;
  };
  const db = sdkDynamoDb(client);
  const rooms = find('Rooms');
  const inbox = find('Inbox');
  return {
    directory: chatDirectory(db, {
      users: find('Users'),
      rooms,
      connections: find('Connections'),
    }),
    publish: createPublish({ db, roomsTable: rooms, inboxTable: inbox }),
    redrive: createRedrive({ db, inboxTable: inbox, messagesTable: find('Messages') }),
    deadLetters: () => openDeadLetters(config, stack, inbox),
  };
}

async function tableNames(client: DynamoDBClient): Promise<readonly string[]> {
  const names: string[] = [];
  let from: string | undefined;
  do {
    const page = await client.send(
      new ListTablesCommand(from === undefined ? {} : { ExclusiveStartTableName: from }),
    );
    names.push(...(page.TableNames ?? []));
    from = page.LastEvaluatedTableName;
  } while (from !== undefined);
  return names;
}

const COMMANDS = {
  GetItem: GetItemCommand,
  PutItem: PutItemCommand,
  UpdateItem: UpdateItemCommand,
  DeleteItem: DeleteItemCommand,
  Query: QueryCommand,
  Scan: ScanCommand,
  BatchGetItem: BatchGetItemCommand,
  BatchWriteItem: BatchWriteItemCommand,
  TransactWriteItems: TransactWriteItemsCommand,
} as const;

/** DynamoDB through the SDK, for code written against the functions' own client. */
const sdkDynamoDb = (client: DynamoDBClient): DynamoDb => ({
  async call(operation: keyof typeof COMMANDS, input: object) {
    const Command = COMMANDS[operation] as new (
      input: object,
    ) => Parameters<DynamoDBClient['send']>[0];
    try {
      return (await client.send(new Command(input))) as object;
    } catch (error) {
      const { name, message, Item: item } = error as Error & { readonly Item?: Item };
      if ('$fault' in (error as Error)) throw new DynamoDbError(name, message, item);
      throw error;
    }
  },
});
