import { onTestFinished } from 'vitest';
import { WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { AttributeType, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Code, Function, Runtime, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { type App, Duration, Stack } from 'aws-cdk-lib';
import { WebSocket } from 'ws';

import {
  type Cloud,
  type CloudOptions,
  startCloud,
  type TableHandle,
} from '../../../emulator/index.ts';
import { scratchDirectory, synthesize, writeFiles } from '../../support/templates.ts';

/**
 * A small app that has one of everything that can go wrong, and knows nothing of chat: an API whose
 * route `do` makes the calls its frame asks for, a table, a function that follows its stream, a queue.
 */
export interface SmallCloud extends Omit<Cloud, 'table'> {
  readonly table: string;
  readonly tableHandle: TableHandle;
  readonly queueUrl: string;
  /** All lines of one function's output, by the end of its name. */
  said(name: string): readonly string[];
  /** What the stream's function got, batch for batch, as the items' keys and texts. */
  batches(): readonly (readonly string[])[];
  /** Calls a service as the administrator. */
  call(operation: string, input: object): Promise<Answer>;
  put(sk: string, text?: string): Promise<Answer>;
  get(sk: string, reading?: object): Promise<string | undefined>;
  open(): Promise<Client>;
  /** Posts to a connection as the administrator; the answer's status. */
  post(connectionId: string, text: string): Promise<number>;
}

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>> & { readonly __type?: string };
}

/** A call that the function is asked to make: service, operation, input; answered in the same order. */
export type Step = readonly [service: 'dynamodb' | 'sqs' | 'now' | 'remaining', ...rest: unknown[]];

export interface Client {
  readonly socket: WebSocket;
  readonly connectionId: string;
  /** Texts that came in, without the answers to `run`. */
  readonly heard: readonly string[];
  /** Has the function make calls, and waits for its answer: results, or the gateway's error. */
  run(...steps: readonly Step[]): Promise<Readonly<Record<string, unknown>>>;
  /** The next text that comes in and answers nothing. */
  hears(): Promise<string>;
  readonly closed: Promise<number>;
}

const FUNCTION = `
  import { DynamoDB } from '@aws-sdk/client-dynamodb';
  import { SQS } from '@aws-sdk/client-sqs';
  const clients = { dynamodb: new DynamoDB({ maxAttempts: 1 }), sqs: new SQS({ maxAttempts: 1 }) };
  const run = async ([service, operation, input], context) => {
    if (service === 'now') return new Date().getTime() - Date.now() === 0 ? Date.now() : 'torn';
    if (service === 'remaining') return context.getRemainingTimeInMillis();
    const call = clients[service][operation[0].toLowerCase() + operation.slice(1)];
    return call.call(clients[service], input).then(() => 'ok', (error) => error.name);
  };
  export const connect = async () => ({ statusCode: 200 });
  export const disconnect = async ({ requestContext }) =>
    console.log('gone ' + requestContext.connectionId + ' ' + requestContext.disconnectStatusCode);
  export const act = async ({ body, requestContext }, context) => {
    const { id, steps } = JSON.parse(body);
    const results = [];
    for (const step of steps) results.push(await run(step, context));
    console.log('done ' + steps.length);
    return { body: JSON.stringify({ id, results, connection: requestContext.connectionId }) };
  };
  export const follow = async ({ Records }) => {
    const texts = Records.map(({ dynamodb: { NewImage } }) => NewImage.sk.S + '=' + NewImage.text.S);
    console.log('batch ' + texts.join(','));
  };
`;

function build(app: App): void {
  const stack = new Stack(app, 'Small');
  const directory = scratchDirectory();
  writeFiles(directory, { 'index.mjs': FUNCTION });
  const fn = (id: string, name: string) =>
    new Function(stack, id, {
      functionName: `small-${name}`,
      runtime: Runtime.NODEJS_24_X,
      code: Code.fromAsset(directory),
      handler: `index.${name}`,
      memorySize: 512,
      timeout: Duration.seconds(10),
    });
  const table = new Table(stack, 'Items', {
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    sortKey: { name: 'sk', type: AttributeType.STRING },
    stream: StreamViewType.NEW_IMAGE,
  });
  const queue = new Queue(stack, 'Letters');
  const act = fn('Act', 'act');
  table.grantReadWriteData(act);
  queue.grantSendMessages(act);
  const follow = fn('Follow', 'follow');
  table.grantStreamRead(follow);
  queue.grantSendMessages(follow);
  follow.addEventSourceMapping('Stream', {
    eventSourceArn: table.tableStreamArn ?? '',
    startingPosition: StartingPosition.TRIM_HORIZON,
    onFailure: new SqsDlq(queue),
    retryAttempts: 3,
  });
  const integrate = (id: string, name: string) => ({
    integration: new WebSocketLambdaIntegration(id, fn(id, name)),
  });
  const api = new WebSocketApi(stack, 'Api', {
    routeSelectionExpression: '$request.body.action',
    connectRouteOptions: integrate('Connect', 'connect'),
    disconnectRouteOptions: integrate('Disconnect', 'disconnect'),
  });
  api.addRoute('do', {
    integration: new WebSocketLambdaIntegration('Act', act),
    returnResponse: true,
  });
  new WebSocketStage(stack, 'Stage', { webSocketApi: api, stageName: 'prod', autoDeploy: true });
}

export async function startSmallCloud(
  options: Omit<CloudOptions, 'assembly'> = {},
): Promise<SmallCloud> {
  const lines: { readonly source: string; readonly line: string }[] = [];
  const cloud = await startCloud({
    assembly: synthesize(build),
    streamPollMs: 0,
    log: (source, line) => lines.push({ source, line }),
    ...options,
  });
  onTestFinished(() => cloud.close());
  const table = cloud.model.tables[0]?.name ?? '';
  const queueUrl = `${cloud.url}/${cloud.model.account}/${cloud.model.queues[0]?.name}`;
  const call = (operation: string, input: object) =>
    callAsAdministrator(cloud.url, operation, input);
  // What a function prints has the request's id in front.
  const said = (name: string) =>
    lines.flatMap(({ source, line }) =>
      source === name ? [line.slice(line.indexOf(' ') + 1)] : [],
    );
  const stage = cloud.apis[0];
  return {
    ...cloud,
    table,
    tableHandle: cloud.table('Small/Items'),
    queueUrl,
    said,
    call,
    batches: () =>
      said('small-follow').flatMap((line) =>
        line.includes('batch ') ? [line.slice(line.indexOf('batch ') + 6).split(',')] : [],
      ),
    put: (sk, text = sk) =>
      call('DynamoDB_20120810.PutItem', {
        TableName: table,
        Item: { pk: { S: 'p' }, sk: { S: sk }, text: { S: text } },
      }),
    async get(sk, reading = {}) {
      const Key = { pk: { S: 'p' }, sk: { S: sk } };
      const input = { TableName: table, Key, ...reading };
      const { body } = await call('DynamoDB_20120810.GetItem', input);
      return (body['Item'] as { text?: { S: string } } | undefined)?.text?.S;
    },
    open: () => openClient(stage?.websocket ?? ''),
    async post(connectionId, text) {
      const url = `${stage?.management}/@connections/${encodeURIComponent(connectionId)}`;
      const response = await fetch(url, { method: 'POST', headers: signed(), body: text });
      await response.arrayBuffer();
      return response.status;
    },
  };
}

async function callAsAdministrator(url: string, target: string, input: object): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.0', ...signed() },
    body: JSON.stringify(input),
  });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

/** A well-formed signature of a key that belongs to no function is the administrator's. */
function signed(): Record<string, string> {
  const time = new Date().toISOString().replace(/[-:]|\.\d{3}/g, '');
  const scope = `${time.slice(0, 8)}/us-east-1/any/aws4_request`;
  const signature = '0'.repeat(64);
  return {
    'x-amz-date': time,
    authorization: `AWS4-HMAC-SHA256 Credential=test/${scope}, SignedHeaders=host;x-amz-date, Signature=${signature}`,
  };
}

type Reply = Readonly<Record<string, unknown>> & { readonly id?: number };

/** Opens a socket, and asks the function for the connection's id. */
async function openClient(url: string): Promise<Client> {
  const socket = new WebSocket(url);
  socket.on('error', () => {});
  const heard: string[] = [];
  let next = 0;
  const answers = new Map<number, (reply: Reply) => void>();
  let hearers: ((text: string) => void)[] = [];
  socket.on('message', (data: Buffer) => {
    const text = data.toString();
    const reply = asReply(text);
    // The gateway's own errors name no request, and answer the oldest.
    const [id] = reply?.id === undefined ? answers.keys() : [reply.id];
    const answer = id === undefined ? undefined : answers.get(id);
    if (reply === undefined || id === undefined || answer === undefined) {
      heard.push(text);
      const waiting = hearers;
      hearers = [];
      for (const hear of waiting) hear(text);
      return;
    }
    answers.delete(id);
    answer(reply);
  });
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  await new Promise((resolve) => socket.once('open', resolve));
  const run: Client['run'] = (...steps) => {
    const id = (next += 1);
    const answered = new Promise<Reply>((resolve) => answers.set(id, resolve));
    socket.send(JSON.stringify({ action: 'do', id, steps }));
    return answered;
  };
  const { connection } = await run();
  return {
    socket,
    connectionId: String(connection),
    heard,
    run,
    hears: () => new Promise((resolve) => hearers.push(resolve)),
    closed,
  };
}

/** A text that answers a request: JSON of an object. */
function asReply(text: string): Reply | undefined {
  return text.startsWith('{') ? (JSON.parse(text) as Reply) : undefined;
}
