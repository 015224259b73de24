import {
  Aws,
  CfnCondition,
  CfnMapping,
  CfnOutput,
  CfnParameter,
  Duration,
  Fn,
  SecretValue,
  Stack,
  Stage,
} from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { describe, expect, test } from 'vitest';

import { readAssembly } from '../../../emulator/template/assembly.ts';
import { readModel } from '../../../emulator/template/template.ts';
import {
  emptyFunction,
  handWritten,
  modelOf,
  modelOfTemplate,
  synthesize,
} from '../../support/templates.ts';

// Apps as people write them with the CDK, synthesized here and read back as the model of the cloud.

const region = 'us-east-1';
const account = '000000000000';

// The types of the CDK disagree with each other under `exactOptionalPropertyTypes`: hence `ITable`.
const table = (scope: Stack, id: string, stream?: dynamodb.StreamViewType) =>
  new dynamodb.Table(scope, id, {
    partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING },
    ...(stream === undefined ? {} : { stream }),
  }) as dynamodb.ITable;

const lambdaFunction = (scope: Stack, id: string, props: Partial<lambda.FunctionProps> = {}) =>
  new lambda.Function(scope, id, {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromAsset(emptyFunction()),
    ...props,
  });

/** A small chat: an API with an authorizer and three routes, a table, its stream and its consumer. */
function chat(app: App | Stage): void {
  const stack = new Stack(app, 'Chat');
  const messages = table(stack, 'Messages', dynamodb.StreamViewType.NEW_IMAGE);
  const dead = new sqs.Queue(stack, 'Dead');
  const handler = lambdaFunction(stack, 'Handler', { environment: { TABLE: messages.tableName } });
  const api = new apigateway.WebSocketApi(stack, 'Api', {
    connectRouteOptions: {
      integration: new WebSocketLambdaIntegration('Connect', handler),
      authorizer: new WebSocketLambdaAuthorizer('Gate', lambdaFunction(stack, 'Authorizer'), {
        identitySource: ['route.request.querystring.token'],
      }),
    },
  });
  api.addRoute('say', { integration: new WebSocketLambdaIntegration('Say', handler) });
  api.addRoute('ask', {
    integration: new WebSocketLambdaIntegration('Ask', handler),
    returnResponse: true,
  });
  const stage = new apigateway.WebSocketStage(stack, 'Stage', {
    webSocketApi: api,
    stageName: 'prod',
    autoDeploy: true,
    throttle: { rateLimit: 50, burstLimit: 20 },
  });
  const broadcast = lambdaFunction(stack, 'Broadcast', {
    environment: { ENDPOINT: stage.callbackUrl, DEAD: dead.queueUrl },
    timeout: Duration.seconds(30),
    memorySize: 512,
    reservedConcurrentExecutions: 7,
  });
  broadcast.addEventSource(
    new DynamoEventSource(messages, {
      startingPosition: lambda.StartingPosition.TRIM_HORIZON,
      batchSize: 25,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      retryAttempts: 3,
      maxRecordAge: Duration.hours(1),
      maxBatchingWindow: Duration.seconds(2),
      parallelizationFactor: 2,
      filters: [lambda.FilterCriteria.filter({ eventName: lambda.FilterRule.isEqual('INSERT') })],
      onFailure: new SqsDlq(dead),
    }),
  );
  messages.grantWriteData(handler);
  stage.grantManagementApiAccess(broadcast);
  new CfnOutput(stack, 'Url', { value: stage.url });
}

describe('the model of a chat written with the CDK', () => {
  test('has every resource, and nothing unsupported', () => {
    const model = modelOf(chat);
    expect(model).toMatchObject({ account, region, unsupported: [] });
    expect(model.functions.map(({ path }) => path)).toEqual([
      'Chat/Handler/Resource',
      'Chat/Authorizer/Resource',
      'Chat/Broadcast/Resource',
    ]);
    expect(model.tables).toHaveLength(1);
    expect(model.queues).toHaveLength(1);
    expect(model.mappings).toHaveLength(1);
    expect(model.permissions).toHaveLength(4);
  });

  test('[EXP i] joins routes, integrations, authorizer and stage to their API', () => {
    const { apis, functions } = modelOf(chat);
    const [handler, authorizer] = functions;
    const integration = { functionArn: handler?.arn, timeoutMs: 29_000 };
    expect(apis).toMatchObject([
      {
        path: 'Chat/Api/Resource',
        apiId: expect.stringMatching(/^[a-z0-9]{10}$/),
        name: 'Api',
        routeSelectionExpression: '$request.body.action',
        stages: [
          { name: 'prod', deployed: true, variables: {}, throttle: { rate: 50, burst: 20 } },
        ],
      },
    ]);
    expect(apis[0]?.routes).toEqual([
      {
        routeKey: '$connect',
        integration,
        authorizer: {
          authorizerId: expect.stringMatching(/^[a-z0-9]+$/),
          functionArn: authorizer?.arn,
          identitySources: ['route.request.querystring.token'],
        },
        returnsResponse: false,
      },
      { routeKey: 'say', integration, returnsResponse: false },
      { routeKey: 'ask', integration, returnsResponse: true },
    ]);
  });

  test('[EXP i] permits API Gateway per route, with no slash after the star', () => {
    const { permissions, apis, functions } = modelOf(chat);
    expect(permissions).toContainEqual({
      functionArn: functions[0]?.arn,
      action: 'lambda:InvokeFunction',
      principal: 'apigateway.amazonaws.com',
      sourceArn: `arn:aws:execute-api:${region}:${account}:${apis[0]?.apiId}/*$connect`,
    });
  });

  test('[DOC g10] gives functions what the template says, and AWS defaults for the rest', () => {
    const { functions, apis, queues, tables } = modelOf(chat);
    const [handler, , broadcast] = functions;
    expect(handler).toMatchObject({
      handler: 'index.handler',
      runtime: 'nodejs24.x',
      architecture: 'x86_64',
      timeoutSeconds: 3,
      memoryMb: 128,
      environment: { TABLE: tables[0]?.name },
    });
    expect(handler).not.toHaveProperty('reservedConcurrency');
    expect(broadcast).toMatchObject({
      timeoutSeconds: 30,
      memoryMb: 512,
      reservedConcurrency: 7,
      environment: {
        ENDPOINT: `https://${apis[0]?.apiId}.execute-api.${region}.amazonaws.com/prod`,
        DEAD: queues[0]?.url,
      },
    });
  });

  test('[EXP i] gives a role what its grants say', () => {
    const { functions, apis, tables } = modelOf(chat);
    const [handler, , broadcast] = functions;
    expect(handler?.role.managedPolicies).toEqual([
      'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole',
    ]);
    expect(handler?.role.statements).toEqual([
      {
        effect: 'Allow',
        actions: expect.arrayContaining(['dynamodb:PutItem']),
        notActions: [],
        resources: [tables[0]?.arn],
        notResources: [],
        conditions: {},
      },
    ]);
    expect(broadcast?.role.statements).toContainEqual(
      expect.objectContaining({
        actions: ['execute-api:ManageConnections'],
        resources: [
          `arn:aws:execute-api:${region}:${account}:${apis[0]?.apiId}/prod/*/@connections/*`,
        ],
      }),
    );
  });

  test('[EXP i] maps the stream to its function with all settings', () => {
    const { mappings, tables, functions, queues } = modelOf(chat);
    expect(mappings).toEqual([
      {
        logicalId: expect.any(String),
        path: expect.stringMatching(/^Chat\/Broadcast\/DynamoDBEventSource/),
        streamArn: tables[0]?.streamArn,
        functionArn: functions[2]?.arn,
        enabled: true,
        startingPosition: 'TRIM_HORIZON',
        batchSize: 25,
        batchingWindowSeconds: 2,
        parallelizationFactor: 2,
        maximumRetryAttempts: 3,
        maximumRecordAgeSeconds: 3600,
        bisectOnError: true,
        reportBatchItemFailures: true,
        filters: ['{"eventName":["INSERT"]}'],
        onFailureArn: queues[0]?.arn,
      },
    ]);
  });

  test('[EXP i] gives outputs with the addresses of AWS', () => {
    const { outputs, apis } = modelOf(chat);
    expect(outputs).toEqual({
      Url: `wss://${apis[0]?.apiId}.execute-api.${region}.amazonaws.com/prod`,
    });
  });

  test('is the same on every run', () => {
    const assembly = readAssembly(synthesize(chat));
    expect(readModel(assembly)).toEqual(readModel(assembly));
  });

  test('is read in a few milliseconds', () => {
    const assembly = readAssembly(synthesize(chat));
    const durations = Array.from({ length: 5 }, () => {
      const startedAt = performance.now();
      readModel(assembly);
      return performance.now() - startedAt;
    });
    // About 1 ms; the best of five, and a wide bar, for a machine that is busy with other things.
    expect(Math.min(...durations)).toBeLessThan(50);
  });
});

describe('places', () => {
  test('are those given, for stacks of any account and region', () => {
    const model = modelOf(chat, { region: 'cn-north-1', account: '111122223333' });
    expect(model).toMatchObject({ region: 'cn-north-1', account: '111122223333' });
    expect(model.queues[0]?.arn).toMatch(/^arn:aws-cn:sqs:cn-north-1:111122223333:Chat-/);
    expect(model.outputs['Url']).toMatch(/\.execute-api\.cn-north-1\.amazonaws\.com\.cn\/prod$/);
  });

  test('are those of a stack that has its own', () => {
    const env = { region: 'eu-west-1', account: '111122223333' };
    const model = modelOf((app) => chat(new Stage(app, 'Beta', { env })));
    expect(model).toMatchObject({ region: 'eu-west-1', account: '111122223333', unsupported: [] });
    expect(model.tables[0]?.arn).toMatch(
      /^arn:aws:dynamodb:eu-west-1:111122223333:table\/Beta-Chat-/,
    );
    expect(model.tables[0]?.path).toBe('Beta/Chat/Messages/Resource');
  });
});

describe('several stacks', () => {
  const shared = (app: App) => {
    const data = table(new Stack(app, 'Data'), 'Rooms', dynamodb.StreamViewType.KEYS_ONLY);
    const stack = new Stack(app, 'Code');
    const reader = lambdaFunction(stack, 'Reader', { environment: { TABLE: data.tableName } });
    data.grantReadData(reader);
    reader.addEventSource(
      new DynamoEventSource(data, { startingPosition: lambda.StartingPosition.LATEST }),
    );
  };

  test.each([
    ['exports (strong references)', 'strong'],
    ['outputs (weak references)', 'weak'],
  ])('find each other by %s', (_title, strength) => {
    const context = { '@aws-cdk/core:defaultCrossStackReferences': strength };
    const model = readModel(readAssembly(synthesize(shared, context)));
    expect(model.unsupported).toEqual([]);
    expect(model.functions[0]?.environment).toEqual({ TABLE: model.tables[0]?.name });
    expect(model.functions[0]?.role.statements[0]?.resources).toContain(model.tables[0]?.arn);
    expect(model.mappings[0]).toMatchObject({
      streamArn: model.tables[0]?.streamArn,
      functionArn: model.functions[0]?.arn,
    });
  });

  test('tell their outputs apart when they have the same name', () => {
    const model = modelOf((app) => {
      for (const name of ['One', 'Two']) {
        const stack = new Stack(app, name);
        new CfnOutput(stack, 'Name', { value: Aws.STACK_NAME });
        new CfnOutput(stack, `Only${name}`, { value: Aws.REGION });
      }
    });
    expect(model.outputs).toEqual({
      'One.Name': 'One',
      'Two.Name': 'Two',
      OnlyOne: region,
      OnlyTwo: region,
    });
  });

  test.each([
    ['another region', { account, region: 'eu-west-1' }],
    ['another account', { account: '111122223333', region }],
  ])('do not see exports of %s', (_title, env) => {
    const model = modelOf((app) => {
      const other = new Stack(app, 'Other', { env });
      new CfnOutput(other, 'Name', { value: 'there', exportName: 'Shared' });
      const stack = new Stack(app, 'Here', { env: { account, region } });
      new CfnOutput(stack, 'Imported', { value: Fn.importValue('Shared') });
    });
    expect(model.unsupported).toEqual([
      {
        type: 'Output',
        logicalId: 'Imported',
        path: 'Here/Imported',
        reason: 'no stack exports Shared',
      },
    ]);
  });
});

describe('parameters, mappings and conditions', () => {
  const sized = (app: App) => {
    const stack = new Stack(app, 'Sized');
    const size = new CfnParameter(stack, 'Size', { default: 'small' });
    const sizes = new CfnMapping(stack, 'Sizes', {
      mapping: { small: { seconds: '5' }, big: { seconds: '60' } },
    });
    const big = new CfnCondition(stack, 'Big', {
      expression: Fn.conditionEquals(size.valueAsString, 'big'),
    });
    const fn = lambdaFunction(stack, 'Fn', {
      environment: { SIZE: Fn.conditionIf(big.logicalId, 'very big', Aws.NO_VALUE).toString() },
    });
    const { node } = fn;
    if (node.defaultChild instanceof lambda.CfnFunction) {
      node.defaultChild.addPropertyOverride(
        'Timeout',
        sizes.findInMap(size.valueAsString, 'seconds'),
      );
    }
    const queue = new sqs.CfnQueue(stack, 'Queue');
    queue.cfnOptions.condition = big;
    new CfnOutput(stack, 'QueueUrl', { value: queue.ref, condition: big });
  };

  test('take their defaults', () => {
    const model = modelOf(sized);
    expect(model).toMatchObject({ queues: [], outputs: {}, unsupported: [] });
    expect(model.functions[0]).toMatchObject({ timeoutSeconds: 5, environment: {} });
  });

  test('take the values given', () => {
    const model = modelOf(sized, { values: { Size: 'big' } });
    expect(model.functions[0]).toMatchObject({
      timeoutSeconds: 60,
      environment: { SIZE: 'very big' },
    });
    expect(model.outputs).toEqual({ QueueUrl: model.queues[0]?.url });
  });

  test('of lists are lists', () => {
    const model = modelOfTemplate({
      Parameters: { Names: { Type: 'CommaDelimitedList', Default: 'a,b' } },
      Outputs: { Second: { Value: { 'Fn::Select': [1, { Ref: 'Names' }] } } },
    });
    expect(model.outputs).toEqual({ Second: 'b' });
  });
});

describe('values that are not in the assembly', () => {
  const withSecret = (app: App) => {
    const stack = new Stack(app, 'Chat');
    lambdaFunction(stack, 'Good');
    lambdaFunction(stack, 'Bad', {
      environment: { KEY: SecretValue.ssmSecure('/chat/key').unsafeUnwrap() },
    });
  };

  test('turn off only the resource that needs them, with a reason', () => {
    const model = modelOf(withSecret);
    expect(model.missingValues).toEqual(['ssm-secure:/chat/key']);
    expect(model.functions.map(({ path }) => path)).toEqual(['Chat/Good/Resource']);
    expect(model.unsupported).toEqual([
      {
        type: 'AWS::Lambda::Function',
        logicalId: expect.stringMatching(/^Bad/),
        path: 'Chat/Bad/Resource',
        reason:
          '{{resolve:ssm-secure:/chat/key}} needs a value under the name ssm-secure:/chat/key',
      },
    ]);
  });

  test('can be given by name', () => {
    const model = modelOf(withSecret, { values: { 'ssm-secure:/chat/key': 'k' } });
    expect(model.unsupported).toEqual([]);
    expect(model.functions[1]?.environment).toEqual({ KEY: 'k' });
  });

  const stored = {
    Parameters: {
      BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk/version' },
      Origin: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/chat/origin' },
    },
    Outputs: { Origin: { Value: { Ref: 'Origin' } } },
  };

  test('never take the name of a stored parameter for its value', () => {
    const { outputs, unsupported, missingValues } = modelOfTemplate(stored);
    expect({ outputs, missingValues }).toEqual({ outputs: {}, missingValues: ['Origin'] });
    expect(unsupported).toMatchObject([{ reason: 'the parameter Origin needs a value' }]);
  });

  test.each(['Origin', 'ssm:/chat/origin'])('can be given as %s', (name) => {
    expect(modelOfTemplate(stored, { values: { [name]: 'https://chat.example' } }).outputs).toEqual(
      {
        Origin: 'https://chat.example',
      },
    );
  });
});

describe('resources that are not run', () => {
  test('are named with their construct path, and what mentions them runs', () => {
    const model = modelOf((app) => {
      const stack = new Stack(app, 'Chat');
      const topic = new sns.Topic(stack, 'Topic');
      const fn = lambdaFunction(stack, 'Fn', { environment: { TOPIC: topic.topicArn } });
      topic.grantPublish(fn);
    });
    expect(model.unsupported).toEqual([
      {
        type: 'AWS::SNS::Topic',
        logicalId: expect.stringMatching(/^Topic/),
        path: 'Chat/Topic/Resource',
        placeholder: expect.stringMatching(/^Chat-Topic/),
      },
    ]);
    expect(model.functions[0]?.environment).toEqual({ TOPIC: model.unsupported[0]?.placeholder });
    expect(model.functions[0]?.role.statements).toHaveLength(1);
  });

  test('are passed over in silence when they need nothing locally', () => {
    const model = modelOf((app) => {
      const stack = new Stack(app, 'Chat');
      const fn = lambdaFunction(stack, 'Fn', {
        logGroup: new logs.LogGroup(stack, 'Log'),
        retryAttempts: 0,
      });
      fn.metricErrors().createAlarm(stack, 'Alarm', { threshold: 1, evaluationPeriods: 1 });
      new cloudwatch.Dashboard(stack, 'Dashboard');
      new sqs.Queue(stack, 'Queue', { enforceSSL: true });
    });
    expect(model.unsupported).toEqual([]);
  });

  test('say so when a property has the wrong shape', () => {
    const { tables, unsupported } = modelOfTemplate({
      Resources: { T: { Type: 'AWS::DynamoDB::Table', Properties: { KeySchema: 'pk' } } },
    });
    expect(tables).toEqual([]);
    expect(unsupported).toEqual([
      {
        type: 'AWS::DynamoDB::Table',
        logicalId: 'T',
        path: 'T',
        reason: expect.stringMatching(/^KeySchema: /),
      },
    ]);
  });
});

describe('names that lead nowhere', () => {
  const queueNamed = (name: unknown, more: object = {}) => ({
    Resources: { Q: { Type: 'AWS::SQS::Queue', Properties: { QueueName: name }, ...more } },
  });

  test.each([
    ['is not in the template', queueNamed({ Ref: 'Nobody' }), 'there is no Nobody in the template'],
    ['is the resource itself', queueNamed({ 'Fn::Sub': '${Q}-2' }), 'Q refers to itself'],
    ['has no such attribute', queueNamed({ 'Fn::GetAtt': 'Q.Size' }), 'Q refers to itself'],
    [
      'is an unknown condition',
      queueNamed('q', { Condition: 'Perhaps' }),
      'there is no condition Perhaps',
    ],
    [
      'is that of an unknown mapping',
      queueNamed({ 'Fn::FindInMap': ['M', 'a', 'b'] }),
      'the mapping M has no entry a, b',
    ],
    [
      'is that of an unknown stack',
      queueNamed({ 'Fn::GetStackOutput': { StackName: 'S', OutputName: 'O' } }),
      'there is no stack S',
    ],
    [
      'is that of an unknown output',
      queueNamed({ 'Fn::GetStackOutput': { StackName: 'Hand', OutputName: 'O' } }),
      'Hand has no output O',
    ],
    [
      'is a property of every object',
      queueNamed({ Ref: 'constructor' }),
      'there is no constructor in the template',
    ],
  ])('are told: what is referred to %s', (_title, template, reason) => {
    expect(modelOfTemplate(template)).toMatchObject({
      queues: [],
      unsupported: [{ path: 'Q', reason }],
    });
  });

  test('are told: what is referred to was ruled out by a condition', () => {
    const { outputs, unsupported } = modelOfTemplate({
      Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } },
      Resources: { Q: { Type: 'AWS::SQS::Queue', Condition: 'Never' } },
      Outputs: { Url: { Value: { Ref: 'Q' } } },
    });
    expect(outputs).toEqual({});
    expect(unsupported).toMatchObject([{ reason: 'there is no Q in the template' }]);
  });

  test('are told: conditions that ask for each other', () => {
    const { unsupported } = modelOfTemplate({
      Conditions: { A: { Condition: 'B' }, B: { 'Fn::Not': [{ Condition: 'A' }] } },
      Resources: { Q: { Type: 'AWS::SQS::Queue', Condition: 'A' } },
    });
    expect(unsupported).toMatchObject([{ reason: 'A refers to itself' }]);
  });

  test('are told: an attribute that the type does not have', () => {
    const { unsupported } = modelOfTemplate({
      Resources: { Q: { Type: 'AWS::SQS::Queue' } },
      Outputs: { Size: { Value: { 'Fn::GetAtt': 'Q.Size' } } },
    });
    expect(unsupported).toMatchObject([{ type: 'Output', path: 'Size', reason: 'Q has no Size' }]);
  });
});

test('an assembly without stacks is a model without resources', () => {
  expect(readModel(handWritten({}))).toMatchObject({ account, region, apis: [], unsupported: [] });
});
