import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { App, Stack } from 'aws-cdk-lib';
import { WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { AttributeType, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Code, Function, Runtime, StartingPosition } from 'aws-cdk-lib/aws-lambda';

import { startLocalChat, synthesize } from '../bin/local-chat.ts';
import { type Cloud, type CloudOptions, startCloud } from '../emulator/index.ts';
import type { Answer, Order } from './clients.ts';
import { people } from './crowd.ts';
import { atLeast, atMost, type Figure, median } from './figure.ts';
import { socketsWithin, startIdleClients } from '../test/support/idle-clients.ts';
import { startServerlessOffline } from './serverless-offline.ts';

/**
 * The emulator itself: its start with Parley's stack, what it costs when nothing happens, a frame's way
 * through a function and back, a write's way to a stream's function, and a full room. The clients are
 * in another process.
 */
const STARTS = 6;
const IDLE_MS = 5_000;
const SOCKETS = 2_000;
const IDLE_SOCKETS = 10_000;
/** Of the idle ones, those that never read. */
const DEAF = 5;
const WARM_UP = 200;
const FRAMES = 1_000;
const WRITES = 20;
const MEMBERS = 100;
const ROUNDS = 3;
const KIBIBYTE = 1_024;
/** Of `/proc`, on every Linux. */
const TICKS_PER_SECOND = 100;

const ECHO = `
  exports.connect = async () => ({ statusCode: 200 });
  exports.echo = async ({ body }) => ({ statusCode: 200, body });
  exports.follow = async () => {};
`;
const ECHO_FRAME = '{"action":"echo","text":"hello"}';

const figure = (what: string, value: number, unit: string): Figure => ({
  what,
  value: `${Number(value.toFixed(2))} ${unit}`,
});

/** Runs with a directory that is gone afterwards. */
async function inDirectory<Result>(work: (directory: string) => Promise<Result>): Promise<Result> {
  const directory = mkdtempSync(join(tmpdir(), 'parley-bench-'));
  try {
    return await work(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function smallApp(outdir: string): string {
  const app = new App({ outdir, builtinCloudFormationValidation: false });
  const stack = new Stack(app, 'Small');
  const fn = (name: string) =>
    new Function(stack, name, {
      runtime: Runtime.NODEJS_24_X,
      handler: `index.${name}`,
      code: Code.fromInline(ECHO),
    });
  const route = (name: string) => new WebSocketLambdaIntegration(name, fn(name));
  const api = new WebSocketApi(stack, 'Api', {
    connectRouteOptions: { integration: route('connect') },
  });
  api.addRoute('echo', { integration: route('echo'), returnResponse: true });
  new WebSocketStage(stack, 'Stage', { webSocketApi: api, stageName: 'prod', autoDeploy: true });
  const table = new Table(stack, 'Table', {
    tableName: 'items',
    partitionKey: { name: 'id', type: AttributeType.STRING },
    stream: StreamViewType.NEW_IMAGE,
  });
  const follow = fn('follow');
  table.grantStreamRead(follow);
  follow.addEventSourceMapping('Items', {
    eventSourceArn: table.tableStreamArn ?? '',
    startingPosition: StartingPosition.TRIM_HORIZON,
  });
  return app.synth().directory;
}

const withSmall = <Result>(
  options: Omit<CloudOptions, 'assembly'>,
  work: (cloud: Cloud) => Promise<Result>,
): Promise<Result> =>
  inDirectory(async (directory) => {
    const cloud = await startCloud({ ...options, assembly: smallApp(directory) });
    const result = await work(cloud);
    await cloud.close();
    return result;
  });

interface Clients {
  order(order: Order): Promise<Answer>;
  close(): Promise<void>;
}

function startClients(): Clients {
  const child = fork(new URL('clients.ts', import.meta.url));
  return {
    async order(order) {
      const ended = new AbortController();
      const exited = () => ended.abort(new Error('the clients ended before they answered'));
      child.once('exit', exited);
      const answered = once(child, 'message', { signal: ended.signal });
      child.send(order);
      const [answer] = (await answered) as [Answer];
      child.off('exit', exited);
      return answer;
    },
    async close() {
      const exited = once(child, 'exit');
      child.kill();
      await exited;
    },
  };
}

async function withClients<Result>(work: (clients: Clients) => Promise<Result>): Promise<Result> {
  const clients = startClients();
  try {
    return await work(clients);
  } finally {
    await clients.close();
  }
}

/** Seconds of CPU of this process and, where there is `/proc`, of the processes it has started. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000_000 + childrenCpuSeconds();
}

function childrenCpuSeconds(): number {
  try {
    const children = readdirSync('/proc/self/task').flatMap((task) =>
      readFileSync(`/proc/self/task/${task}/children`, 'utf8').split(' ').filter(Boolean),
    );
    return children.reduce((sum, pid) => sum + ticksOf(pid) / TICKS_PER_SECOND, 0);
  } catch {
    return 0;
  }
}

/** The 14th and 15th field, of which the first two may hold blanks. */
function ticksOf(pid: string): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

async function startsAndIdles(): Promise<readonly Figure[]> {
  return inDirectory(async (directory) => {
    const assembly = synthesize(directory);
    const starts: number[] = [];
    for (let index = 0; index <= STARTS; index += 1) {
      const startedAt = performance.now();
      const cloud = await startCloud({ assembly });
      starts.push((performance.now() - startedAt) / 1_000);
      await cloud.close();
    }
    const cloud = await startCloud({ assembly });
    await cloud.settled();
    await sleep(1_000);
    const before = cpuSeconds();
    await sleep(IDLE_MS);
    const idle = ((cpuSeconds() - before) / (IDLE_MS / 1_000)) * 100;
    await cloud.close();
    return [
      figure('startCloud with Parley’s stack, first', starts[0] ?? 0, 's'),
      atMost('startCloud with Parley’s stack, warm', median(starts.slice(1)), 1, 's'),
      atMost('idle, engine included, of a core', idle, 2, '%'),
    ];
  });
}

/** An account's 500 new connections a second are not what is measured. */
const openMany = (): Promise<readonly Figure[]> =>
  withSmall({ quotas: 'off' }, (cloud) =>
    withClients(async (clients) => {
      const url = cloud.apis[0]?.websocket ?? '';
      await clients.order({ do: 'open', url, frames: Array.from({ length: WARM_UP }, () => []) });
      const before = process.memoryUsage().rss;
      const frames = Array.from({ length: SOCKETS }, () => []);
      const { ms } = await clients.order({ do: 'open', url, frames });
      const each = (process.memoryUsage().rss - before) / SOCKETS / KIBIBYTE;
      const open = (cloud.apis[0]?.gateway.connections().length ?? 0) - WARM_UP;
      return [
        atLeast('sockets open at once', open, SOCKETS),
        figure('of these each, of the whole process', each, 'KiB'),
        figure('opened, each by $connect', SOCKETS / (ms / 1_000), 'per second'),
      ];
    }),
  );

/** Sockets that say nothing, after the functions that let them in have ended. */
const holdIdle = (): Promise<readonly Figure[]> =>
  withSmall({ quotas: 'off' }, async (cloud) => {
    const clients = startIdleClients();
    const sockets = socketsWithin(IDLE_SOCKETS);
    const before = process.memoryUsage().rss;
    await clients.open(cloud.apis[0]?.websocket ?? '', sockets, DEAF);
    await cloud.settled();
    await sleep(1_000);
    const each = (process.memoryUsage().rss - before) / sockets / KIBIBYTE;
    const cpuBefore = cpuSeconds();
    await sleep(IDLE_MS);
    const idle = ((cpuSeconds() - cpuBefore) / (IDLE_MS / 1_000)) * 100;
    const held = sockets - (await clients.lost());
    await clients.close();
    return [
      atLeast('idle sockets held, five of which never read', held, IDLE_SOCKETS),
      figure('of these each, of the whole process', each, 'KiB'),
      atMost('with all of them, clients included, of a core', idle, 5, '%'),
    ];
  });

/** The median of a frame's way there and back, warm. */
const echoMs = (url: string): Promise<number> =>
  withClients(async (clients) => {
    await clients.order({ do: 'open', url, frames: [[]] });
    await clients.order({ do: 'ask', frame: ECHO_FRAME, times: WARM_UP });
    const { ms } = await clients.order({ do: 'ask', frame: ECHO_FRAME, times: FRAMES });
    return ms;
  });

async function echoes(): Promise<readonly Figure[]> {
  const ours = await withSmall({}, (cloud) => echoMs(cloud.apis[0]?.websocket ?? ''));
  const figures = [atMost('frame in, function, frame out, p50, warm', ours, 5, 'ms')];
  const peer = await startServerlessOffline(ECHO);
  const of = 'serverless-offline 13.10, the same handler:';
  if (peer === undefined) return [...figures, { what: of, value: 'could not be installed' }];
  const theirs = await echoMs(peer.url);
  await peer.close();
  return [
    ...figures,
    figure(`${of} frame out, p50, warm`, theirs, 'ms'),
    figure(`${of} command to ready`, peer.readyMs / 1_000, 's'),
  ];
}

/** From the answer of a write to the start of the stream's function. */
const hop = (options: Omit<CloudOptions, 'assembly'>): Promise<number> =>
  withSmall(options, async (cloud) => {
    const hops: number[] = [];
    for (let index = 0; index < WRITES; index += 1) {
      const writtenAt = await put(cloud, String(index));
      // Polls go by a clock of their own: writes at odd moments meet all its phases.
      await sleep(300 + index * 13);
      const started = cloud.lambda.invocations().at(-1)?.startedAt ?? Number.NaN;
      if (index > 0) hops.push(Math.max(0, started - writtenAt));
    }
    return median(hops);
  });

async function put({ url }: Cloud, id: string): Promise<number> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint: url, region: 'us-east-1', credentials });
  await client.send(new PutItemCommand({ TableName: 'items', Item: { id: { S: id } } }));
  const writtenAt = Date.now();
  client.destroy();
  return writtenAt;
}

async function hops(): Promise<readonly Figure[]> {
  const following = await hop({ streamPollMs: 0 });
  return [
    atMost('a write until its stream’s function, as on AWS, median', await hop({}), 250, 'ms'),
    figure('the same with streamPollMs 0', following, 'ms'),
  ];
}

/** Everybody in a room of 100 says three things at once, and everybody hears all of them. */
async function fullRoom(): Promise<readonly Figure[]> {
  // An account's 10,000 requests a second are not what is measured.
  const chat = await startLocalChat({ quotas: 'off' });
  const tokens = await people(chat, 'full', MEMBERS);
  const frame = (action: string, fields: object, uuid = action) =>
    JSON.stringify({ uuid, action, ...fields });
  const deliveries = MEMBERS * MEMBERS * ROUNDS;
  const { ms, heard = 0 } = await withClients(async (clients) => {
    await clients.order({
      do: 'open',
      url: chat.cloud.apis[0]?.websocket ?? '',
      frames: tokens.map((token) => [
        frame('authenticate', { token, features: ['batch'] }),
        frame('select_room', { room: 'full' }),
      ]),
    });
    const frames = Array.from({ length: MEMBERS * ROUNDS }, (_, index) =>
      frame('new_message', { room: 'full', text: `message ${index}` }, `say-${index}`),
    );
    return clients.order({ do: 'say', frames, deliveries });
  });
  await chat.close();
  const rate = Math.round(heard / (ms / 1_000));
  return [
    atLeast(`deliveries a second in a room of ${MEMBERS}`, rate, 3_000),
    { what: 'of these messages heard', value: `${heard} of ${deliveries}` },
  ];
}

export async function emulator(): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const part of [startsAndIdles, openMany, holdIdle, echoes, hops, fullRoom]) {
    figures.push(...(await part()));
  }
  return figures;
}
