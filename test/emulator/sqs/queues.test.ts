import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
  TooManyEntriesInBatchRequest,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { manualClock, type ManualClock } from '../../../emulator/clock.ts';
import type { Principal } from '../../../emulator/iam/principal.ts';
import { createMeter, type Meter } from '../../../emulator/meter/meter.ts';
import type { PolicyStatement } from '../../../emulator/model.ts';
import { createQueues, type Queues } from '../../../emulator/sqs/queues.ts';

const ACCOUNT = '123456789012';
const REGION = 'eu-central-1';
const ARN = `arn:aws:sqs:${REGION}:${ACCOUNT}:dead`;

let server: Server;
let base: string;
let clock: ManualClock;
let meter: Meter;
let queues: Queues;
let client: SQSClient;
let QueueUrl: string;
/** Who signs what the client sends; the front server finds this out otherwise. */
let principal: Principal;
let lines: string[];
/** Called when a request has reached the service. */
let arrived: (() => void) | undefined;

/** A queue in the model of a cloud. */
const resource = (name: string) => ({
  logicalId: name,
  path: `App/${name}`,
  name,
  arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`,
  url: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${name}`,
});

const SLOW = {
  ...resource('slow'),
  settings: {
    visibilitySeconds: 40,
    delaySeconds: 5,
    waitSeconds: 3,
    retentionSeconds: 60,
    messageBytes: 2_048,
  },
};

beforeEach(async () => {
  clock = manualClock();
  meter = createMeter();
  principal = { kind: 'administrator' };
  lines = [];
  arrived = undefined;
  queues = createQueues({
    queues: [resource('dead'), resource('jobs'), SLOW],
    account: ACCOUNT,
    region: REGION,
    base: () => base,
    clock,
    meter,
    log: (source, line) => lines.push(`${source}: ${line}`),
  });
  server = createServer((request, response) => {
    void (async () => {
      const answering = queues.service({
        method: request.method ?? '',
        path: request.url ?? '',
        headers: Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
        ),
        body: await buffer(request),
        principal,
      });
      arrived?.();
      const { status, headers, body } = await answering;
      response.writeHead(status, headers).end(body);
    })();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  client = new SQSClient({
    endpoint: base,
    region: REGION,
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    maxAttempts: 1,
  });
  QueueUrl = `${base}/${ACCOUNT}/dead`;
});

afterEach(async () => {
  queues.close();
  client.destroy();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const send = (MessageBody: string) =>
  client.send(new SendMessageCommand({ QueueUrl, MessageBody }));
const receive = async (options: object = {}) => {
  const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...options });
  return (await client.send(command)).Messages ?? [];
};
const bodies = async (options: object = {}) => (await receive(options)).map(({ Body }) => Body);

describe('a message', () => {
  test('is sent, received with its system attributes, and deleted', async () => {
    const { MessageId, MD5OfMessageBody } = await send('hello wörld');
    expect(MD5OfMessageBody).toBe('8c6e15df743a0380aaa26e5741794d7b');
    const [message] = await receive({ MessageSystemAttributeNames: ['All'] });
    expect(message).toMatchObject({
      MessageId,
      Body: 'hello wörld',
      Attributes: {
        SentTimestamp: String(clock.now()),
        ApproximateReceiveCount: '1',
        ApproximateFirstReceiveTimestamp: String(clock.now()),
      },
    });
    await client.send(
      new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle }),
    );
    clock.advance(31_000);
    expect(await receive()).toEqual([]);
  });

  test('[DOC p1] is hidden for 30 seconds, or as long as the receiver says, and comes again', async () => {
    await send('m');
    expect(await bodies()).toEqual(['m']);
    clock.advance(29_999);
    expect(await bodies()).toEqual([]);
    clock.advance(1);
    const [again] = await receive({ VisibilityTimeout: 5, AttributeNames: ['All'] });
    expect(again?.Attributes?.['ApproximateReceiveCount']).toBe('2');
    clock.advance(5000);
    expect(await bodies()).toEqual(['m']);
  });

  test('[DOC p2] is not deleted by the handle of an earlier receipt', async () => {
    await send('m');
    const [first] = await receive({ VisibilityTimeout: 1 });
    clock.advance(1000);
    await receive({ VisibilityTimeout: 1 });
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle }));
    clock.advance(1000);
    expect(await bodies()).toEqual(['m']);
  });

  test('[DOC p3] is given back at once by a visibility of 0, and is then no longer in flight', async () => {
    await send('m');
    const [first] = await receive();
    const giveBack = new ChangeMessageVisibilityCommand({
      QueueUrl,
      ReceiptHandle: first?.ReceiptHandle,
      VisibilityTimeout: 0,
    });
    await client.send(giveBack);
    await expect(client.send(giveBack)).rejects.toMatchObject({ name: 'MessageNotInflight' });
    expect(await bodies()).toEqual(['m']);
  });

  test('[DOC p4] waits for its delay', async () => {
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'm', DelaySeconds: 10 }));
    expect(await bodies()).toEqual([]);
    expect(await attributes()).toMatchObject({
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesDelayed: '1',
    });
    clock.advance(10_000);
    expect(await bodies()).toEqual(['m']);
  });

  test('[DOC p5] carries attributes to a receiver who asks for them', async () => {
    const MessageAttributes = {
      'trace.id': { DataType: 'String', StringValue: 'abc' },
      bytes: { DataType: 'Binary', BinaryValue: Buffer.from([1, 2]) },
    };
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'm', MessageAttributes }));
    const [all] = await receive({ VisibilityTimeout: 0, MessageAttributeNames: ['All'] });
    expect(all?.MessageAttributes?.['trace.id']).toMatchObject({ StringValue: 'abc' });
    expect(all?.MessageAttributes?.['bytes']?.BinaryValue).toEqual(new Uint8Array([1, 2]));
    const [some] = await receive({ VisibilityTimeout: 0, MessageAttributeNames: ['trace.*'] });
    expect(Object.keys(some?.MessageAttributes ?? {})).toEqual(['trace.id']);
    const [none] = await receive();
    expect(none?.MessageAttributes).toBeUndefined();
  });

  test('has the sum of its attributes that Java and Python clients check', async () => {
    // The values are those that the tests of moto pin.
    const timestamp = { DataType: 'Number', StringValue: '1493147359900' };
    const { MD5OfMessageAttributes } = await client.send(
      new SendMessageCommand({ QueueUrl, MessageBody: 'm', MessageAttributes: { timestamp } }),
    );
    expect(MD5OfMessageAttributes).toBe('235c5c510d26fb653d073faed50ae77c');
  });

  test('[DOC p6] may have 1,048,576 bytes and not one more', async () => {
    await send('x'.repeat(1_048_576));
    await expect(send('x'.repeat(1_048_577))).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message:
        'One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.',
    });
  });
});

describe('a queue whose template says so', () => {
  const QueueUrl = () => `${base}/${ACCOUNT}/slow`;
  const receive = async (WaitTimeSeconds?: number) => {
    const command = new ReceiveMessageCommand({ QueueUrl: QueueUrl(), WaitTimeSeconds });
    return ((await client.send(command)).Messages ?? []).map(({ Body }) => Body);
  };
  const send = (MessageBody: string, DelaySeconds?: number) =>
    client.send(new SendMessageCommand({ QueueUrl: QueueUrl(), MessageBody, DelaySeconds }));

  test('[DOC p4] delays every message that does not say otherwise', async () => {
    await send('m');
    await send('now', 0);
    expect([await receive(0), await receive(0)]).toEqual([['now'], []]);
    clock.advance(5_000);
    expect(await receive(0)).toEqual(['m']);
  });

  test('[DOC p1] hides what was received for its own time', async () => {
    await send('m', 0);
    expect(await receive(0)).toEqual(['m']);
    clock.advance(39_999);
    expect(await receive(0)).toEqual([]);
    clock.advance(1);
    expect(await receive(0)).toEqual(['m']);
  });

  test('[DOC p7] lets every receiver wait who does not say otherwise', async () => {
    const asked = Promise.withResolvers<void>();
    arrived = asked.resolve;
    const received = receive();
    await asked.promise;
    clock.advance(2_999);
    await send('m', 0);
    expect(await received).toEqual(['m']);
  });

  test('[DOC p6] takes messages of its own size', async () => {
    await send('x'.repeat(2_048), 0);
    await expect(send('x'.repeat(2_049))).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });

  test('[DOC p10] loses its messages after its own time, any other after four days', async () => {
    await send('m', 0);
    await queues.send(ARN, 'other');
    clock.advance(60_000 - 1);
    expect(queues.messages('slow')).toHaveLength(1);
    clock.advance(1);
    expect(queues.messages('slow')).toEqual([]);
    clock.advance(4 * 86_400_000 - 60_000 - 1);
    expect(queues.messages('dead')).toHaveLength(1);
    clock.advance(1);
    expect(queues.messages('dead')).toEqual([]);
    expect(await receive(0)).toEqual([]);
  });
});

describe('a long poll', () => {
  const polling = () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    arrived = resolve;
    return { received: bodies({ WaitTimeSeconds: 20 }), waiting: promise };
  };

  test('[DOC p7] ends with the message it waited for', async () => {
    const { received, waiting } = polling();
    await waiting;
    await queues.send(ARN, 'late');
    expect(await received).toEqual(['late']);
  });

  test('[DOC p7] ends empty after its time', async () => {
    const { received, waiting } = polling();
    await waiting;
    clock.advance(20_000);
    expect(await received).toEqual([]);
  });

  test('ends when a hidden message comes back', async () => {
    await send('m');
    await receive({ VisibilityTimeout: 3 });
    const { received, waiting } = polling();
    await waiting;
    clock.advance(3000);
    expect(await received).toEqual(['m']);
  });

  test('ends when the queues are closed', async () => {
    const { received, waiting } = polling();
    await waiting;
    queues.close();
    expect(await received).toEqual([]);
  });
});

describe('a batch', () => {
  const entries = (...texts: readonly string[]) =>
    texts.map((MessageBody, index) => ({ Id: `id-${index}`, MessageBody }));
  const sendBatch = (Entries: ReturnType<typeof entries>) =>
    client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));

  test('[DOC p8] is sent, received oldest first, ten at most, and deleted', async () => {
    const { Successful, Failed } = await sendBatch(entries('a', 'b'));
    expect(Successful?.map(({ Id }) => Id)).toEqual(['id-0', 'id-1']);
    expect(Failed).toBeUndefined();
    const messages = await receive();
    expect(messages.map(({ Body }) => Body)).toEqual(['a', 'b']);
    const answer = await client.send(
      new DeleteMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: 'good', ReceiptHandle: messages[0]?.ReceiptHandle },
          { Id: 'bad', ReceiptHandle: 'made up' },
        ],
      }),
    );
    expect(answer.Successful).toEqual([{ Id: 'good' }]);
    expect(answer.Failed).toMatchObject([{ Id: 'bad', Code: 'ReceiptHandleIsInvalid' }]);
    expect(queues.messages('dead').map(({ body }) => body)).toEqual(['b']);
  });

  test('[DOC p8] of none, of eleven, with one id twice, or of too many bytes is refused whole', async () => {
    await expect(sendBatch([])).rejects.toMatchObject({ name: 'EmptyBatchRequest' });
    await expect(
      sendBatch(entries(...Array.from({ length: 11 }, () => 'm'))),
    ).rejects.toBeInstanceOf(TooManyEntriesInBatchRequest);
    await expect(sendBatch([...entries('a'), ...entries('b')])).rejects.toMatchObject({
      name: 'BatchEntryIdsNotDistinct',
    });
    const half = 'x'.repeat(524_289);
    await expect(sendBatch(entries(half, half))).rejects.toMatchObject({
      name: 'BatchRequestTooLong',
      message: 'Batch requests cannot be longer than 1048576 bytes. You have sent 1048578 bytes.',
    });
    expect(queues.messages('dead')).toEqual([]);
  });
});

const attributes = async (names: readonly ('All' | 'QueueArn')[] = ['All']) => {
  const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...names] });
  return (await client.send(command)).Attributes;
};

describe('a queue', () => {
  test('tells its URL, by which it is known whatever the host', async () => {
    const found = await client.send(new GetQueueUrlCommand({ QueueName: 'dead' }));
    expect(found.QueueUrl).toBe(QueueUrl);
    const elsewhere = { QueueUrl: resource('dead').url, MessageBody: 'm' };
    const other = new SQSClient({
      endpoint: base,
      useQueueUrlAsEndpoint: false,
      region: REGION,
      credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    });
    await other.send(new SendMessageCommand(elsewhere));
    other.destroy();
    expect(queues.messages('dead')).toHaveLength(1);
  });

  test('is listed by prefix', async () => {
    const list = async (QueueNamePrefix?: string) =>
      (await client.send(new ListQueuesCommand({ QueueNamePrefix }))).QueueUrls;
    expect(await list()).toEqual([QueueUrl, `${base}/${ACCOUNT}/jobs`, `${base}/${ACCOUNT}/slow`]);
    expect(await list('jo')).toEqual([`${base}/${ACCOUNT}/jobs`]);
    expect(await list('none')).toBeUndefined();
  });

  test('[DOC p9] counts what is visible and what is in flight', async () => {
    await send('a');
    await send('b');
    await receive({ MaxNumberOfMessages: 1 });
    expect(await attributes()).toMatchObject({
      QueueArn: ARN,
      ApproximateNumberOfMessages: '1',
      ApproximateNumberOfMessagesNotVisible: '1',
      ApproximateNumberOfMessagesDelayed: '0',
      VisibilityTimeout: '30',
      MaximumMessageSize: '1048576',
    });
    expect(await attributes(['QueueArn'])).toEqual({ QueueArn: ARN });
  });

  test('is emptied by a purge', async () => {
    await send('a');
    await client.send(new PurgeQueueCommand({ QueueUrl }));
    expect(queues.messages(ARN)).toEqual([]);
  });

  test('that is unknown is refused as the SDK expects it', async () => {
    const unknown = { QueueUrl: `${base}/${ACCOUNT}/other`, MessageBody: 'm' };
    const sending = client.send(new SendMessageCommand(unknown));
    await expect(sending).rejects.toBeInstanceOf(QueueDoesNotExist);
    await expect(
      client.send(new GetQueueUrlCommand({ QueueName: 'other' })),
    ).rejects.toBeInstanceOf(QueueDoesNotExist);
    const response = await raw('SendMessage', unknown);
    expect(response).toEqual({
      status: 400,
      queryError: 'AWS.SimpleQueueService.NonExistentQueue;Sender',
      body: {
        __type: 'com.amazonaws.sqs#QueueDoesNotExist',
        message: 'The specified queue does not exist.',
      },
    });
  });

  test('takes failure records by its ARN, and an unknown ARN rejects', async () => {
    await queues.send(ARN, 'failure');
    expect(await bodies()).toEqual(['failure']);
    await expect(queues.send(`${ARN}-not`, 'x')).rejects.toThrow(`there is no queue ${ARN}-not`);
  });

  test('[SEC] is billed by requests of 64 KB', async () => {
    await send('a');
    await send('x'.repeat(70_000));
    expect(meter.read()['sqs.requests']).toEqual({ 'App/dead': 3 });
  });

  test('[SEC] is billed for asking it in vain', async () => {
    await client.send(new ReceiveMessageCommand({ QueueUrl }));
    expect(meter.read()['sqs.requests']).toEqual({ 'App/dead': 1 });
  });

  test('is billed on the account of what its caller was at work on, and of nobody else', async () => {
    const cause = { api: 'App/Api', route: 'say' };
    principal = { ...functionWith({ actions: ['sqs:*'] }), cause };
    await send('a');
    await queues.send(ARN, 'a failure record of Lambda');
    const requests = meter.entries().filter(({ count }) => count === 'sqs.requests');
    expect(requests.map((entry) => entry.cause)).toEqual([cause, undefined]);
  });
});

describe('a request', () => {
  test('that the role of a function does not allow is refused, with a hint in the log', async () => {
    principal = functionWith({ actions: ['sqs:SendMessage'] });
    await send('m');
    expect(queues.messages('dead')).toHaveLength(1);
    const { status, body } = await raw('ReceiveMessage', { QueueUrl });
    expect(status).toBe(403);
    expect(body).toMatchObject({
      __type: 'com.amazon.coral.service#AccessDeniedException',
      message: expect.stringContaining('sqs:ReceiveMessage') as unknown,
    });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^worker: /);
  });

  test('on a batch is judged like one on a single message', async () => {
    principal = functionWith({ actions: ['sqs:SendMessage'] });
    const Entries = [{ Id: 'a', MessageBody: 'm' }];
    await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    expect(queues.messages('dead')).toHaveLength(1);
  });

  test('for another queue than the granted one is refused', async () => {
    principal = functionWith({ actions: ['sqs:*'], resources: [resource('jobs').arn] });
    await expect(send('m')).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
    expect(queues.messages('dead')).toEqual([]);
  });

  test.each([
    ['CreateQueue', {}, 'com.amazon.coral.service#UnknownOperationException'],
    ['SendMessage', {}, 'com.amazon.coral.service#MissingRequiredParameterException'],
    [
      'ReceiveMessage',
      { MaxNumberOfMessages: 11 },
      'com.amazon.coral.service#InvalidParameterValueException',
    ],
  ])('%s with %j is answered 400', async (operation, input, type) => {
    const { status, body } = await raw(operation, { QueueUrl, ...input });
    expect(status).toBe(400);
    expect(body).toMatchObject({ __type: type });
  });
});

function functionWith(allowed: Partial<PolicyStatement>): Extract<Principal, { kind: 'role' }> {
  const statement: PolicyStatement = {
    effect: 'Allow',
    actions: [],
    notActions: [],
    resources: [ARN],
    notResources: [],
    conditions: {},
    ...allowed,
  };
  const arn = `arn:aws:iam::${ACCOUNT}:role/worker-role`;
  const role = { arn, name: 'worker-role', statements: [statement], managedPolicies: [] };
  return { kind: 'role', role, functionName: 'worker' };
}

async function raw(operation: string, input: object) {
  const response = await fetch(base, {
    method: 'POST',
    headers: { 'x-amz-target': `AmazonSQS.${operation}` },
    body: JSON.stringify(input),
  });
  return {
    status: response.status,
    queryError: response.headers.get('x-amzn-query-error'),
    body: await response.json(),
  };
}
