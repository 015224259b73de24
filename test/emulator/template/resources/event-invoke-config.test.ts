import { Duration, Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Code, Function, type FunctionProps, Runtime } from 'aws-cdk-lib/aws-lambda';
import * as destinations from 'aws-cdk-lib/aws-lambda-destinations';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { expect, test } from 'vitest';

import { modelOf, modelOfTemplate } from '../../../support/templates.ts';

const modelWith = (props: (stack: Stack) => Partial<FunctionProps>) =>
  modelOf((app) => {
    const stack = new Stack(app, 'App');
    const basics = {
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: Code.fromInline('exports.handler = async () => {};'),
    };
    new Function(stack, 'Other', { ...basics, functionName: 'other' });
    new Function(stack, 'Fn', { ...basics, functionName: 'fn', ...props(stack) });
  });

const arn = (rest: string) => `arn:aws:${rest}`.replace('::', ':us-east-1:000000000000:');

test('a configuration of asynchronous invocations is read, with its destinations', () => {
  const model = modelWith((stack) => ({
    maxEventAge: Duration.minutes(2),
    retryAttempts: 1,
    onSuccess: new destinations.LambdaDestination(
      Function.fromFunctionName(stack, 'Known', 'other'),
    ),
    onFailure: new destinations.SqsDestination(new Queue(stack, 'Failed', { queueName: 'failed' })),
  }));
  expect(model.unsupported).toEqual([]);
  expect(model.eventInvokes).toEqual([
    {
      logicalId: expect.stringContaining('EventInvokeConfig'),
      path: 'App/Fn/EventInvokeConfig/Resource',
      functionArn: arn('lambda::function:fn'),
      maximumRetryAttempts: 1,
      maximumEventAgeSeconds: 120,
      onSuccessArn: arn('lambda::function:other'),
      onFailureArn: arn('sqs::failed'),
    },
  ]);
});

test.each([
  ['a topic', (stack: Stack) => new destinations.SnsDestination(new Topic(stack, 'Topic'))],
  [
    'a bus',
    (stack: Stack) =>
      new destinations.EventBridgeDestination(EventBus.fromEventBusName(stack, 'Bus', 'news')),
  ],
  [
    'a FIFO queue',
    (stack: Stack) => new destinations.SqsDestination(new Queue(stack, 'Fifo', { fifo: true })),
  ],
])('%s for a destination is named, and nothing else is off', (_title, destination) => {
  const { eventInvokes, unsupported } = modelWith((stack) => ({
    retryAttempts: 1,
    onSuccess: destination(stack),
    onFailure: new destinations.SqsDestination(new Queue(stack, 'Failed', { queueName: 'failed' })),
  }));
  const [config] = eventInvokes;
  expect(config).toMatchObject({ maximumRetryAttempts: 1, onFailureArn: arn('sqs::failed') });
  expect(config).not.toHaveProperty('onSuccessArn');
  expect(unsupported).toContainEqual(
    expect.objectContaining({
      path: 'App/Fn/EventInvokeConfig/Resource',
      reason: expect.stringMatching(/^its destination on success \S+ is off: /),
    }),
  );
});

const configured = (...configs: readonly object[]) =>
  modelOfTemplate({
    Resources: {
      Role: { Type: 'AWS::IAM::Role' },
      Fn: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Code: { ZipFile: 'x' },
          Handler: 'index.handler',
          Runtime: 'nodejs24.x',
          Role: { 'Fn::GetAtt': 'Role.Arn' },
        },
      },
      ...Object.fromEntries(
        configs.map((properties, index) => [
          `Config${index}`,
          {
            Type: 'AWS::Lambda::EventInvokeConfig',
            Properties: { FunctionName: { Ref: 'Fn' }, Qualifier: '$LATEST', ...properties },
          },
        ]),
      ),
    },
  });

test('[DOC g16] a configuration has two retries and six hours when it says nothing', () => {
  expect(configured({}).eventInvokes).toMatchObject([
    { maximumRetryAttempts: 2, maximumEventAgeSeconds: 21_600 },
  ]);
});

test.each([
  [
    { MaximumRetryAttempts: 3 },
    'MaximumRetryAttempts is 3, and must be a whole number from 0 to 2',
  ],
  [
    { MaximumEventAgeInSeconds: 59 },
    'MaximumEventAgeInSeconds is 59, and must be a whole number from 60 to 21600',
  ],
  [
    { MaximumEventAgeInSeconds: 21_601 },
    'MaximumEventAgeInSeconds is 21601, and must be a whole number from 60 to 21600',
  ],
])('[DOC g16] AWS refuses a configuration with %o', (properties, reason) => {
  expect(configured(properties)).toMatchObject({ eventInvokes: [], unsupported: [{ reason }] });
});

test('a configuration of another function than those here is named', () => {
  const { unsupported } = configured({ FunctionName: 'theirs' });
  expect(unsupported[0]?.reason).toMatch(/^its function \S+:theirs is not run here$/);
});

test('of two configurations of a function that of $LATEST holds, and the other is named', () => {
  const { eventInvokes, unsupported } = configured(
    { Qualifier: 'live', MaximumRetryAttempts: 0 },
    { MaximumRetryAttempts: 1 },
  );
  expect(eventInvokes).toMatchObject([{ logicalId: 'Config1', maximumRetryAttempts: 1 }]);
  expect(unsupported).toMatchObject([{ logicalId: 'Config0' }]);
  expect(configured({ Qualifier: 'live' }).eventInvokes).toHaveLength(1);
});

test('a dead-letter queue is read with its function, and named when it is a topic', () => {
  const model = modelWith((stack) => ({
    deadLetterQueue: new Queue(stack, 'Dead', { queueName: 'dead' }),
  }));
  const fnOf = ({ functions }: typeof model) => functions.find(({ name }) => name === 'fn');
  expect(fnOf(model)).toMatchObject({ deadLetterArn: arn('sqs::dead') });
  const other = modelWith((stack) => ({ deadLetterTopic: new Topic(stack, 'Topic') }));
  expect(fnOf(other)).not.toHaveProperty('deadLetterArn');
  expect(other.unsupported).toContainEqual(
    expect.objectContaining({
      path: 'App/Fn/Resource',
      reason: expect.stringMatching(/^its dead-letter queue \S+ is off: it is not a queue here$/),
    }),
  );
});
