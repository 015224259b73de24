import { Duration, Stack } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { expect, test } from 'vitest';

import { modelOf, modelOfTemplate } from '../../../support/templates.ts';

const queueOf = (props: sqs.QueueProps) =>
  modelOf((app) => new sqs.Queue(new Stack(app, 'Chat'), 'Dead', props)).queues[0];

test('a queue has the name, the ARN and the URL that AWS would give it', () => {
  expect(queueOf({ queueName: 'dead' })).toEqual({
    logicalId: expect.stringMatching(/^Dead/),
    path: 'Chat/Dead/Resource',
    name: 'dead',
    arn: 'arn:aws:sqs:us-east-1:000000000000:dead',
    url: 'https://sqs.us-east-1.amazonaws.com/000000000000/dead',
  });
});

test('the made name of a FIFO queue ends as AWS wants it', () => {
  expect(queueOf({ fifo: true })?.name).toMatch(/^Chat-Dead\w+\.fifo$/);
  expect(queueOf({})?.name).toMatch(/^Chat-Dead\w+$/);
});

test('what others say of a queue is what it has', () => {
  const { queues, outputs } = modelOfTemplate({
    Resources: { Q: { Type: 'AWS::SQS::Queue' } },
    Outputs: {
      Url: { Value: { Ref: 'Q' } },
      UrlToo: { Value: { 'Fn::GetAtt': 'Q.QueueUrl' } },
      Arn: { Value: { 'Fn::GetAtt': 'Q.Arn' } },
      Name: { Value: { 'Fn::GetAtt': 'Q.QueueName' } },
    },
  });
  const [queue] = queues;
  expect(outputs).toEqual({
    Url: queue?.url,
    UrlToo: queue?.url,
    Arn: queue?.arn,
    Name: queue?.name,
  });
});

test('a queue has the settings that its template gives it, and no others', () => {
  const settings = {
    visibilityTimeout: Duration.seconds(60),
    deliveryDelay: Duration.seconds(5),
    receiveMessageWaitTime: Duration.seconds(3),
    retentionPeriod: Duration.days(14),
  };
  expect(queueOf(settings)?.settings).toEqual({
    visibilitySeconds: 60,
    delaySeconds: 5,
    waitSeconds: 3,
    retentionSeconds: 14 * 86_400,
  });
});

test('what of a queue is not run is named, and the queue is there', () => {
  const model = modelOf((app) => {
    const stack = new Stack(app, 'Chat');
    const queue = new sqs.Queue(stack, 'Dead', { fifo: true });
    new sqs.Queue(stack, 'Jobs', { fifo: true, deadLetterQueue: { queue, maxReceiveCount: 3 } });
  });
  expect(model.queues).toHaveLength(2);
  expect(model.unsupported.map(({ path, reason }) => `${path}: ${reason}`)).toEqual([
    'Chat/Dead/Resource: it is run as a standard queue',
    'Chat/Jobs/Resource: what fails too often stays in it: it has no redrive',
    'Chat/Jobs/Resource: it is run as a standard queue',
  ]);
});
