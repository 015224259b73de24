import { type App, Duration, Stack } from 'aws-cdk-lib';
import { Code, Function, type FunctionProps, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LambdaDestination, SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { expect, onTestFinished, test } from 'vitest';

import { type CloudOptions, manualClock, startCloud } from '../../../emulator/index.ts';
import { synthesize } from '../../support/templates.ts';

/*
 * Goal: an asynchronous event that has ended goes where the template says, as on AWS, or is named as lost.
 * Method: a CDK app with a function that does as its event says, two queues and a second function.
 */

const OBEY = `exports.handler = async (event) => {
  if (event.fail !== undefined) throw new TypeError(event.fail);
  return { done: event.n };
};`;
const ECHO = 'exports.handler = async (event) => console.log(JSON.stringify(event));';

type Parts = { readonly records: Queue; readonly letters: Queue; readonly echo: Function };

/** Turns of the event loop: long enough for all else to be over, so that only the clock is waited for. */
async function turns(count: number): Promise<void> {
  for (let left = count; left > 0; left -= 1) await new Promise((resolve) => setImmediate(resolve));
}

/** `grants`: false takes the rights of the function away that CDK has given it. */
async function startApp(
  props: (parts: Parts) => Partial<FunctionProps>,
  { grants = true, ...options }: Partial<CloudOptions> & { grants?: boolean } = {},
) {
  const clock = manualClock();
  const lines: string[] = [];
  const build = (app: App) => {
    const stack = new Stack(app, 'App');
    const fn = (id: string, code: string, more: Partial<FunctionProps> = {}) =>
      new Function(stack, id, {
        functionName: id.toLowerCase(),
        runtime: Runtime.NODEJS_24_X,
        handler: 'index.handler',
        code: Code.fromInline(code),
        ...more,
      });
    const parts = {
      records: new Queue(stack, 'Records', { queueName: 'records' }),
      letters: new Queue(stack, 'Letters', { queueName: 'letters' }),
      echo: fn('Echo', ECHO),
    };
    const obey = fn('Obey', OBEY, props(parts));
    if (!grants) obey.role?.node.tryRemoveChild('DefaultPolicy');
  };
  const cloud = await startCloud({
    assembly: synthesize(build),
    clock,
    log(source, line) {
      lines.push(`${source}: ${line}`);
      if (line.includes(' is tried again after '))
        void turns(20).then(() => clock.advance(120_000));
    },
    ...options,
  });
  onTestFinished(() => cloud.close());
  const [arn = ''] = cloud.model.functions.flatMap((it) => (it.name === 'obey' ? [it.arn] : []));
  return {
    cloud,
    arn,
    lines,
    /** Sends an event, and waits until nothing is left of it. */
    async send(event: object) {
      cloud.lambda.send(arn, event, { kind: 'authorized' });
      await cloud.settled();
    },
    messages: (queue: string) => cloud.queues.messages(queue),
    record: () => JSON.parse(cloud.queues.messages('records')[0]?.body ?? 'null') as unknown,
    givenUp: () => lines.filter((line) => line.includes(' given up: ')),
  };
}

const both = ({ records }: Parts) => ({
  onSuccess: new SqsDestination(records),
  onFailure: new SqsDestination(records),
});

test('[REC g18] the record of an event that succeeded', async () => {
  const app = await startApp(both);
  await app.send({ n: 7 });
  const [ran] = app.cloud.lambda.invocations();
  expect(app.record()).toEqual({
    version: '1.0',
    timestamp: '2026-01-01T00:00:00.000Z',
    requestContext: {
      requestId: ran?.requestId,
      functionArn: `${app.arn}:$LATEST`,
      condition: 'Success',
      approximateInvokeCount: 1,
    },
    requestPayload: { n: 7 },
    responseContext: { statusCode: 200, executedVersion: '$LATEST' },
    responsePayload: { done: 7 },
  });
  expect(Object.keys(app.record() as object)).toEqual([
    'version',
    'timestamp',
    'requestContext',
    'requestPayload',
    'responseContext',
    'responsePayload',
  ]);
  expect(app.lines).toEqual([]);
});

test('[REC g18] the record of an event that failed three times', async () => {
  const app = await startApp(both);
  await app.send({ fail: 'no' });
  expect(app.record()).toMatchObject({
    timestamp: '2026-01-01T00:04:00.000Z',
    requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 3 },
    requestPayload: { fail: 'no' },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload: {
      errorType: 'TypeError',
      errorMessage: 'no',
      trace: expect.arrayContaining(['TypeError: no']),
    },
  });
  expect(app.messages('records')).toHaveLength(1);
  const [first] = app.cloud.lambda.invocations();
  expect(app.givenUp()).toEqual([
    `obey: ${first?.requestId} given up: RetriesExhausted after 3 invocation(s); ` +
      `its record went to ${app.cloud.model.queues[0]?.arn}`,
  ]);
});

test('[REC g19] a dead-letter queue gets the event as it is, and three attributes', async () => {
  const app = await startApp(({ letters }) => ({ deadLetterQueue: letters, retryAttempts: 0 }));
  await app.send({ fail: 'no' });
  const [ran] = app.cloud.lambda.invocations();
  expect(app.messages('letters')).toMatchObject([
    {
      body: '{"fail":"no"}',
      attributes: {
        RequestID: { DataType: 'String', StringValue: ran?.requestId },
        ErrorCode: { DataType: 'Number', StringValue: '200' },
        ErrorMessage: { DataType: 'String', StringValue: 'no' },
      },
    },
  ]);
  expect(app.givenUp()).toEqual([expect.stringMatching(/; the event went to arn:.*:letters$/)]);
});

test('[DOC g20] the error message in a dead-letter queue ends after 1 KB, between characters', async () => {
  const app = await startApp(({ letters }) => ({ deadLetterQueue: letters, retryAttempts: 0 }));
  await app.send({ fail: `x${'é'.repeat(1_000)}` });
  const [letter] = app.messages('letters');
  expect(letter?.attributes['ErrorMessage']?.StringValue).toBe(`x${'é'.repeat(511)}`);
});

test('[DOC g24] a function gets the record as its event, and events that fail to both queues', async () => {
  const app = await startApp(({ echo, records, letters }) => ({
    onSuccess: new LambdaDestination(echo),
    onFailure: new SqsDestination(records),
    deadLetterQueue: letters,
    retryAttempts: 0,
  }));
  await app.send({ n: 1 });
  const [said] = app.lines.filter((line) => line.startsWith('echo: '));
  expect(said).toContain('"condition":"Success"');
  expect(said).toContain('"responsePayload":{"done":1}');
  await app.send({ fail: 'no' });
  expect(app.messages('records')).toHaveLength(1);
  expect(app.messages('letters')).toHaveLength(1);
});

test('[REC g17] an event that is too old is a record, too', async () => {
  const app = await startApp((parts) => ({ ...both(parts), maxEventAge: Duration.minutes(1) }));
  await app.send({ fail: 'no' });
  expect(app.record()).toMatchObject({
    requestContext: { condition: 'EventAgeExceeded', approximateInvokeCount: 1 },
  });
});

test('a record of a function that was never reached has no response', async () => {
  const app = await startApp((parts) => ({ ...both(parts), reservedConcurrentExecutions: 0 }));
  await app.send({ n: 1 });
  expect(app.record()).toMatchObject({
    requestContext: { condition: 'ZeroReservedConcurrency', approximateInvokeCount: 0 },
    requestPayload: { n: 1 },
  });
  expect(app.record()).not.toHaveProperty('responseContext');
});

test('[DOC g21] without rights nothing is sent, which is said at the start and then', async () => {
  const app = await startApp(
    ({ letters, echo }) => ({
      deadLetterQueue: letters,
      onFailure: new LambdaDestination(echo),
      retryAttempts: 0,
    }),
    { grants: false },
  );
  const grants = /missing: (\S+)/;
  expect(app.lines.map((line) => [line.slice(0, 20), grants.exec(line)?.[1]])).toEqual([
    ['emulator: App/Obey/R', 'invoked.grantInvoke(fn)'],
    ['emulator: App/Obey/R', 'queue.grantSendMessages(fn)'],
  ]);
  await app.send({ fail: 'no' });
  expect(app.messages('letters')).toEqual([]);
  expect(app.cloud.lambda.invocations()).toHaveLength(1);
  const [line] = app.givenUp();
  expect(line).toMatch(/its record was not sent to \S+:echo: User: .*invoked\.grantInvoke\(fn\)/);
  expect(line).toMatch(/the event was not sent to \S+:letters: .*queue\.grantSendMessages\(fn\)/);
});

test('what is sent is billed as a request of the queue, on account of what caused it', async () => {
  const app = await startApp(both);
  await app.send({ n: 1 });
  const entries = app.cloud.meter.entries().filter(({ count }) => count === 'sqs.requests');
  expect(entries).toEqual([
    {
      count: 'sqs.requests',
      resource: 'App/Records/Resource',
      cause: { function: 'App/Obey/Resource' },
      amount: 1,
    },
  ]);
});

test('the fault `sqs-failed` strikes records, which are lost then, as on AWS', async () => {
  const app = await startApp(both, {
    faults: { rules: [{ fault: 'sqs-failed', where: { resource: 'App/Records' } }] },
  });
  await app.send({ n: 1 });
  expect(app.messages('records')).toEqual([]);
  expect(app.cloud.faults.fired()).toHaveLength(1);
  expect(app.lines.at(-1)).toMatch(
    /its record was not sent to \S+: The request processing has failed$/,
  );
});

test('the cloud is settled when an event has been tried for the last time', async () => {
  const app = await startApp(({ letters }) => ({ deadLetterQueue: letters }));
  await app.send({ fail: 'no' });
  expect(app.messages('letters')).toHaveLength(1);
});
