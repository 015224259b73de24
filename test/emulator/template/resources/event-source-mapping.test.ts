import { expect, test } from 'vitest';

import { modelOfTemplate } from '../../../support/templates.ts';

const fn = (properties: object = {}) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    Code: { ZipFile: 'x' },
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    Role: { 'Fn::GetAtt': 'Role.Arn' },
    ...properties,
  },
});

const modelWith = (properties: object, resources: object = {}) =>
  modelOfTemplate({
    Resources: {
      Table: {
        Type: 'AWS::DynamoDB::Table',
        Properties: {
          KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
          AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
          StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
        },
      },
      Queue: { Type: 'AWS::SQS::Queue' },
      Role: { Type: 'AWS::IAM::Role' },
      Fn: fn(),
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          EventSourceArn: { 'Fn::GetAtt': 'Table.StreamArn' },
          FunctionName: { Ref: 'Fn' },
          StartingPosition: 'LATEST',
          ...properties,
        },
      },
      ...resources,
    },
  });

test('[DOC f6] a mapping has the defaults of AWS', () => {
  expect(modelWith({}).mappings).toEqual([
    {
      logicalId: 'Mapping',
      path: 'Mapping',
      streamArn:
        'arn:aws:dynamodb:us-east-1:000000000000:table/Hand-Table/stream/2026-01-01T00:00:00.000',
      functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:Hand-Fn',
      enabled: true,
      startingPosition: 'LATEST',
      batchSize: 100,
      batchingWindowSeconds: 0,
      parallelizationFactor: 1,
      maximumRetryAttempts: -1,
      maximumRecordAgeSeconds: -1,
      bisectOnError: false,
      reportBatchItemFailures: false,
      filters: [],
    },
  ]);
});

test('a destination that is not a queue is named, and the mapping is run without it', () => {
  const topic = 'arn:aws:sns:us-east-1:000000000000:news';
  const model = modelWith({ DestinationConfig: { OnFailure: { Destination: topic } } });
  expect(model.mappings[0]).not.toHaveProperty('onFailureArn');
  expect(model.unsupported).toMatchObject([
    { reason: `its destination on failure ${topic} is off: it is not a queue here` },
  ]);
});

test('a mapping may be switched off', () => {
  expect(modelWith({ Enabled: false }).mappings).toMatchObject([{ enabled: false }]);
});

test.each([
  [
    'of a queue',
    { EventSourceArn: { 'Fn::GetAtt': 'Queue.Arn' } },
    {},
    /^its source arn:aws:sqs:.* is not the stream of a table here$/,
  ],
  ['of nothing', { EventSourceArn: { Ref: 'AWS::NoValue' } }, {}, /^its source \(none\) is not/],
  ['to a function elsewhere', { FunctionName: 'theirs' }, {}, /:function:theirs is not run here$/],
  [
    'to a function that is not run',
    {},
    { Fn: fn({ Runtime: 'python3.13' }) },
    /:function:Hand-Fn is not run here$/,
  ],
  ['with a tumbling window', { TumblingWindowInSeconds: 30 }, {}, /^tumbling windows are not run$/],
])('a mapping %s is named with the reason', (_title, properties, resources, reason) => {
  const { mappings, unsupported } = modelWith(properties, resources);
  expect(mappings).toEqual([]);
  expect(unsupported).toContainEqual({
    type: 'AWS::Lambda::EventSourceMapping',
    logicalId: 'Mapping',
    path: 'Mapping',
    reason: expect.stringMatching(reason),
  });
});
