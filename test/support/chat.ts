import { inject, onTestFinished } from 'vitest';

import { addDemo } from '../../bin/demo.ts';
import { type LocalChat, startLocalChat } from '../../bin/local-chat.ts';
import type { CloudOptions } from '../../emulator/index.ts';
import type { ChatProps } from '../../lib/index.ts';
import { type Device, openDevice } from './device.ts';

/** The chat as `npm start` runs it, with its people, for one test or one file of tests. */
export interface TestChat extends LocalChat {
  readonly tokens: Readonly<Record<string, string>>;
  /** A socket on which nobody speaks yet. */
  connect(): Promise<Device>;
  /** A socket on which somebody speaks. */
  signIn(user: string, features?: readonly string[]): Promise<Device>;
  /** Resolves when nothing is under way any more. */
  settles(): Promise<void>;
  /** All entries of a room's log, oldest first, as rows. */
  log(room: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** All rows of a table, by the name of its output, e.g. `InboxTable`. */
  rows(output: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Calls DynamoDB as the administrator, past all functions. */
  call(operation: string, input: object): Promise<object>;
  /** Puts an item, in DynamoDB's own notation, past all functions. */
  put(output: string, item: object): Promise<void>;
}

/**
 * Starts a chat whose streams follow every write at once; it is closed when the test is over. With
 * properties of its own, its stack is synthesized for it.
 */
export async function startChat(
  options: Omit<CloudOptions, 'assembly'> = {},
  props?: ChatProps,
): Promise<TestChat> {
  const chat = await openChat(options, props);
  onTestFinished(() => chat.close());
  return chat;
}

/** As `startChat`, for somebody who closes it himself. */
export async function openChat(
  options: Omit<CloudOptions, 'assembly'> = {},
  props?: ChatProps,
): Promise<TestChat> {
  const chat = await startLocalChat({
    streamPollMs: 0,
    // Long enough that what is sent at once is gathered, and short enough to be waited for.
    batchingWindowScale: 0.02,
    ...options,
    ...(props === undefined ? { assembly: inject('assembly') } : { chat: props }),
  });
  const demo = await addDemo(chat.directory);
  const tokens = Object.fromEntries(demo.users.map(({ username, token }) => [username, token]));
  const { cloud } = chat;
  const connect = () => openDevice(cloud.apis[0]?.websocket ?? '');
  const call = async (operation: string, input: object) => {
    const response = await fetch(cloud.url, {
      method: 'POST',
      headers: {
        'x-amz-target': `DynamoDB_20120810.${operation}`,
        'content-type': 'application/x-amz-json-1.0',
        ...administrator(),
      },
      body: JSON.stringify(input),
    });
    const output = (await response.json()) as { Items?: Record<string, object>[] };
    if (!response.ok) throw new Error(`${operation}: ${JSON.stringify(output)}`);
    return output;
  };
  const rows = async (output: string) => {
    const input = { TableName: cloud.outputs[output], ConsistentRead: true };
    const { Items = [] } = await call('Scan', input);
    return Items.map((item) =>
      Object.fromEntries(
        Object.entries(item).map(([name, value]) => [name, Object.values(value)[0] as unknown]),
      ),
    );
  };
  return {
    ...chat,
    tokens,
    connect,
    rows,
    call,
    async put(output, item) {
      await call('PutItem', { TableName: cloud.outputs[output], Item: item });
    },
    settles: () => cloud.settled(),
    async signIn(user, features) {
      const device = await connect();
      await device.authenticate(tokens[user] ?? '', features);
      return device;
    },
    log: async (room) =>
      (await rows('MessagesTable'))
        .filter((row) => row['room'] === room)
        .toSorted((a, b) => Number(a['seq']) - Number(b['seq'])),
  };
}

/** A well-formed signature of a key that belongs to no function is the administrator's. */
function administrator(): Record<string, string> {
  const time = new Date().toISOString().replace(/[-:]|\.\d{3}/g, '');
  const scope = `${time.slice(0, 8)}/us-east-1/dynamodb/aws4_request`;
  const signature = '0'.repeat(64);
  return {
    'x-amz-date': time,
    authorization: `AWS4-HMAC-SHA256 Credential=test/${scope}, SignedHeaders=host;x-amz-date, Signature=${signature}`,
  };
}
