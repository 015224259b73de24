/** The running chat in which schedules are played, one after another, and the ways past its functions. */
import { type LocalChat, startLocalChat } from '../../../bin/local-chat.ts';
import { realClock } from '../../../emulator/index.ts';
import type { LogRow } from '../history.ts';

export interface Arena {
  readonly chat: LocalChat;
  readonly url: string;
  /** A room's log, read strongly, oldest first. */
  log(room: string): Promise<readonly LogRow[]>;
  /** What the Inbox holds of a room: by the key of each row, its words; undefined where they were erased. */
  inbox(room: string): Promise<ReadonlyMap<string, string | undefined>>;
  /** Writes a row into the Inbox that is no entry. */
  poison(room: string, key: string): Promise<void>;
  /** From now on each function starts in a new sandbox, as after a deployment. */
  renewSandboxes(): void;
  close(): Promise<void>;
}

/**
 * How many times as fast as the machine the cloud's own time goes: what it waits for (back-offs, stalls,
 * late `$disconnect`s) is over soon. Functions keep the machine's time.
 */
const CLOUD_SCALE = 10;

/** `assembly`: one that was synthesized before; default: synthesized now. */
export async function openArena(assembly?: string): Promise<Arena> {
  const chat = await startLocalChat({
    streamPollMs: 0,
    batchingWindowScale: 0.05,
    clock: realClock(CLOUD_SCALE),
    ...(assembly === undefined ? {} : { assembly }),
  });
  const { cloud } = chat;
  const call = createCall(cloud.url);
  const query = async (output: string, room: string) => {
    const rows: Row[] = [];
    let from: unknown;
    do {
      const page = await call('Query', {
        TableName: cloud.outputs[output],
        KeyConditionExpression: 'room = :room',
        ExpressionAttributeValues: { ':room': { S: room } },
        ConsistentRead: true,
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      });
      rows.push(...(page.Items ?? []));
      from = page.LastEvaluatedKey;
    } while (from !== undefined);
    return rows;
  };
  return {
    chat,
    url: cloud.apis[0]?.websocket ?? '',
    log: async (room) =>
      (await query('MessagesTable', room)).map(toLogRow).toSorted((a, b) => a.seq - b.seq),
    inbox: async (room) =>
      new Map((await query('InboxTable', room)).map((row) => [textOf(row, 'entry'), wordsOf(row)])),
    async poison(room, key) {
      const item = { room: { S: room }, entry: { S: key }, content: { S: 'no entry' } };
      await call('PutItem', { TableName: cloud.outputs['InboxTable'], Item: item });
    },
    renewSandboxes() {
      for (const { name } of cloud.model.functions) cloud.lambda.deploy(name);
    },
    close: () => chat.close(),
  };
}

type Row = Readonly<Record<string, Readonly<Record<string, string>>>>;

interface Page {
  readonly Items?: readonly Row[];
  readonly LastEvaluatedKey?: unknown;
}

const textOf = (row: Row, name: string) => Object.values(row[name] ?? {})[0] ?? '';

const jsonOf = (row: Row, name: string) => {
  const text = textOf(row, name);
  return text === '' ? undefined : (JSON.parse(text) as Readonly<Record<string, unknown>>);
};

function wordsOf(row: Row): string | undefined {
  // What is poisoned is no JSON.
  const words = row['erased'] === undefined ? textOf(row, 'content') : '';
  return words === '' ? undefined : words;
}

function toLogRow(row: Row): LogRow {
  const content = jsonOf(row, 'content') as LogRow['content'];
  const { edited, deleted } = (jsonOf(row, 'state') ?? {}) as Pick<LogRow, 'edited' | 'deleted'>;
  return {
    room: textOf(row, 'room'),
    seq: Number(textOf(row, 'seq')),
    n: Number(textOf(row, 'n')),
    kind: textOf(row, 'kind'),
    user: textOf(row, 'user'),
    uuid: textOf(row, 'uuid'),
    timestamp: Number(textOf(row, 'timestamp')),
    hash: textOf(row, 'hash'),
    chain: textOf(row, 'chain'),
    ...(content === undefined ? {} : { content }),
    ...(edited === undefined ? {} : { edited }),
    ...(deleted === undefined ? {} : { deleted }),
  };
}

/** Calls DynamoDB as the administrator, past all functions. */
function createCall(url: string): (operation: string, input: object) => Promise<Page> {
  return async (operation, input) => {
    const time = new Date().toISOString().replace(/[-:]|\.\d{3}/g, '');
    const scope = `${time.slice(0, 8)}/us-east-1/dynamodb/aws4_request`;
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'x-amz-target': `DynamoDB_20120810.${operation}`,
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-date': time,
        authorization: `AWS4-HMAC-SHA256 Credential=test/${scope}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
      },
      body: JSON.stringify(input),
    });
    const output = (await response.json()) as Page;
    if (!response.ok) throw new Error(`${operation}: ${JSON.stringify(output)}`);
    return output;
  };
}
