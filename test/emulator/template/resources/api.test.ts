import { Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import {
  WebSocketLambdaIntegration,
  WebSocketMockIntegration,
} from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { describe, expect, test } from 'vitest';

import { modelOf, modelOfTemplate } from '../../../support/templates.ts';

// APIs in raw CloudFormation, as articles and older projects have them, and what L2 cannot be run.

const arn = 'arn:aws:lambda:us-east-1:000000000000:function:say';
const uri = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${arn}/invocations`;

const api = (properties: object = {}) => ({
  Type: 'AWS::ApiGatewayV2::Api',
  Properties: { Name: 'chat', ProtocolType: 'WEBSOCKET', ...properties },
});

const part = (type: string, properties: object) => ({
  Type: `AWS::ApiGatewayV2::${type}`,
  Properties: { ApiId: { Ref: 'Api' }, ...properties },
});

const integration = (properties: object = {}) =>
  part('Integration', { IntegrationType: 'AWS_PROXY', IntegrationUri: uri, ...properties });

const route = (properties: object = {}) =>
  part('Route', {
    RouteKey: 'say',
    Target: { 'Fn::Sub': 'integrations/${Integration}' },
    ...properties,
  });

const modelWith = (resources: object) =>
  modelOfTemplate({ Resources: { Api: api(), ...resources } });

const firstRoute = (resources: object) => modelWith(resources).apis[0]?.routes[0];

describe('an API', () => {
  test('selects routes by the action of the body, unless it says otherwise', () => {
    expect(modelWith({}).apis[0]?.routeSelectionExpression).toBe('$request.body.action');
    const own = api({ RouteSelectionExpression: '$request.body.type' });
    expect(modelWith({ Api: own }).apis[0]?.routeSelectionExpression).toBe('$request.body.type');
  });

  test('of a protocol that AWS does not have is not run, and its parts are not named beside it', () => {
    const model = modelWith({
      Api: api({ ProtocolType: 'TCP' }),
      Integration: integration({ IntegrationType: 'HTTP_PROXY' }),
      Route: route(),
    });
    expect(model).toMatchObject({
      apis: [],
      httpApis: [],
      unsupported: [{ logicalId: 'Api', reason: 'TCP APIs are not run' }],
    });
  });

  test('has the endpoint that AWS would give it', () => {
    const { apis, outputs } = modelOfTemplate({
      Resources: { Api: api() },
      Outputs: { Endpoint: { Value: { 'Fn::GetAtt': 'Api.ApiEndpoint' } } },
    });
    expect(outputs['Endpoint']).toBe(`wss://${apis[0]?.apiId}.execute-api.us-east-1.amazonaws.com`);
  });

  test('that is not in the assembly leaves its parts named', () => {
    const { unsupported } = modelOf((app) => {
      const stack = new Stack(app, 'Chat');
      new apigateway.WebSocketStage(stack, 'Stage', {
        webSocketApi: apigateway.WebSocketApi.fromWebSocketApiAttributes(stack, 'Api', {
          webSocketId: 'elsewhere1',
        }),
        stageName: 'prod',
      });
    });
    expect(unsupported).toMatchObject([
      { path: 'Chat/Stage/Resource', reason: 'its API elsewhere1 is not in the assembly' },
    ]);
  });
});

describe('an integration', () => {
  test('[DOC e5] times out after 29 s, or when it says', () => {
    expect(firstRoute({ Integration: integration(), Route: route() })?.integration).toEqual({
      functionArn: arn,
      timeoutMs: 29_000,
    });
    const quick = integration({ TimeoutInMillis: 500 });
    expect(firstRoute({ Integration: quick, Route: route() })?.integration?.timeoutMs).toBe(500);
  });

  test.each([
    ['MOCK', { IntegrationType: 'MOCK', IntegrationUri: { Ref: 'AWS::NoValue' } }],
    ['HTTP', { IntegrationType: 'HTTP', IntegrationUri: 'https://example.org' }],
    ['AWS', { IntegrationType: 'AWS' }],
    ['AWS_PROXY', { IntegrationUri: 'arn:aws:apigateway:us-east-1:sqs:path/0/q' }],
  ])('of %s that is not a Lambda proxy is named, and its route has none', (type, properties) => {
    const model = modelWith({ Integration: integration(properties), Route: route() });
    expect(model.apis[0]?.routes).toEqual([{ routeKey: 'say', returnsResponse: false }]);
    expect(model.unsupported).toMatchObject([
      { logicalId: 'Integration', reason: expect.stringContaining(`${type} integration`) },
    ]);
  });

  test('with credentials of its own needs no permission', () => {
    const Integration = integration({ CredentialsArn: 'arn:aws:iam::000000000000:role/gateway' });
    const { permissions, apis } = modelWith({ Integration, Route: route() });
    expect(permissions).toEqual([
      {
        functionArn: arn,
        action: 'lambda:InvokeFunction',
        principal: 'apigateway.amazonaws.com',
        sourceArn: `arn:aws:execute-api:us-east-1:000000000000:${apis[0]?.apiId}/*`,
      },
    ]);
  });

  test('without credentials is permitted nothing by itself', () => {
    expect(modelWith({ Integration: integration(), Route: route() }).permissions).toEqual([]);
  });

  test('[EXP i] may be shared by routes', () => {
    const model = modelOf((app) => {
      const stack = new Stack(app, 'Chat');
      const handler = new lambda.Function(stack, 'Handler', {
        runtime: lambda.Runtime.NODEJS_24_X,
        handler: 'index.handler',
        code: lambda.Code.fromInline('exports.handler = async () => {}'),
      });
      const shared = new WebSocketLambdaIntegration('Shared', handler);
      const api = new apigateway.WebSocketApi(stack, 'Api');
      for (const routeKey of ['$default', 'say']) api.addRoute(routeKey, { integration: shared });
    });
    const [first, second] = model.apis[0]?.routes ?? [];
    expect(first?.integration?.functionArn).toBe(model.functions[0]?.arn);
    expect(second?.integration).toEqual(first?.integration);
  });
});

describe('a route', () => {
  const response = (properties: object = {}) =>
    part('RouteResponse', {
      RouteId: { Ref: 'Route' },
      RouteResponseKey: '$default',
      ...properties,
    });
  const selecting = route({ RouteResponseSelectionExpression: '$default' });

  test.each([
    ['both a selection and a response', { Route: selecting, Response: response() }, true],
    ['a selection without response', { Route: selecting }, false],
    ['a response without selection', { Route: route(), Response: response() }, false],
    [
      'a response of another name',
      { Route: selecting, Response: response({ RouteResponseKey: 'x' }) },
      false,
    ],
    [
      'a response of another route',
      { Route: selecting, Response: response({ RouteId: 'other' }) },
      false,
    ],
  ])('[DOC b4] with %s: whether it answers', (_title, resources, returnsResponse) => {
    expect(firstRoute({ Integration: integration(), ...resources })).toMatchObject({
      returnsResponse,
    });
  });

  test('without target has no integration', () => {
    const Route = route({ Target: { Ref: 'AWS::NoValue' } });
    expect(firstRoute({ Route })).toEqual({ routeKey: 'say', returnsResponse: false });
  });

  test('asking for a check that nothing makes is named', () => {
    const { unsupported } = modelOf((app) => {
      const stack = new Stack(app, 'Chat');
      const api = new apigateway.WebSocketApi(stack, 'Api');
      api.addRoute('$connect', {
        integration: new WebSocketMockIntegration('Mock'),
        authorizer: new WebSocketIamAuthorizer(),
      });
    });
    expect(unsupported.map(({ reason }) => reason)).toContain(
      'AWS_IAM authorization is not checked',
    );
  });

  test('asking for an API key is named', () => {
    const { unsupported } = modelWith({ Route: route({ ApiKeyRequired: true, Target: 'x' }) });
    expect(unsupported).toMatchObject([{ reason: 'API keys are not checked' }]);
  });

  test('that validates its messages by request models is named, and so is each model', () => {
    const models = { ModelSelectionExpression: '$default', RequestModels: { $default: 'words' } };
    const { unsupported } = modelWith({
      Integration: integration(),
      Route: route(models),
      Words: part('Model', { Name: 'words', Schema: { type: 'object' } }),
    });
    expect(unsupported).toMatchObject([
      { logicalId: 'Words', type: 'AWS::ApiGatewayV2::Model' },
      { logicalId: 'Route', reason: 'bodies are not validated by request models' },
    ]);
  });
});

describe('an authorizer', () => {
  const guarded = route({ AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: 'Gate' } });
  const gate = (properties: object = {}) =>
    part('Authorizer', { AuthorizerType: 'REQUEST', AuthorizerUri: uri, ...properties });

  test('is that of its route, with all its identity sources', () => {
    const IdentitySource = ['route.request.querystring.token', 'route.request.header.Origin'];
    const found = firstRoute({
      Integration: integration(),
      Route: guarded,
      Gate: gate({ IdentitySource }),
    });
    expect(found?.authorizer).toMatchObject({ functionArn: arn, identitySources: IdentitySource });
  });

  test.each([
    ['whose URI is no function', { Gate: gate({ AuthorizerUri: 'https://example.org' }) }],
    ['that has a value nobody can resolve', { Gate: gate({ AuthorizerUri: { Ref: 'Nobody' } }) }],
  ])('%s lets nobody in, rather than everybody', (_title, resources) => {
    const model = modelWith({ Integration: integration(), Route: guarded, ...resources });
    expect(model.apis[0]?.routes[0]?.authorizer).toMatchObject({ functionArn: '' });
    expect(model.unsupported).toMatchObject([{ logicalId: 'Gate' }]);
  });

  test('with credentials of its own needs no permission', () => {
    const { permissions } = modelWith({
      Gate: gate({ AuthorizerCredentialsArn: 'arn:aws:iam::000000000000:role/gateway' }),
    });
    expect(permissions).toMatchObject([{ functionArn: arn }]);
  });
});

describe('a stage', () => {
  const firstStage = (properties: object) =>
    modelWith({
      Stage: part('Stage', { StageName: 'prod', ...properties }),
      Deployment: part('Deployment', {}),
    }).apis[0]?.stages[0];

  test.each([
    ['deploys by itself', { AutoDeploy: true }, true],
    ['names a deployment', { DeploymentId: { Ref: 'Deployment' } }, true],
    ['does neither', {}, false],
    ['says that it does not', { AutoDeploy: 'false' }, false],
  ])('[EXP i] is deployed or not: it %s', (_title, properties, deployed) => {
    expect(firstStage(properties)).toEqual({ name: 'prod', deployed, variables: {} });
  });

  test('has its variables and its throttle, with the rest from the account', () => {
    const DefaultRouteSettings = { ThrottlingRateLimit: 12.5 };
    expect(firstStage({ StageVariables: { v: 1 }, DefaultRouteSettings })).toEqual({
      name: 'prod',
      deployed: false,
      variables: { v: '1' },
      throttle: { rate: 12.5, burst: 5000 },
    });
  });

  test('[DOC e12] has the throttles of single routes, each with the rest from the stage', () => {
    const RouteSettings = {
      say: { ThrottlingRateLimit: '2', ThrottlingBurstLimit: 1 },
      hear: { ThrottlingRateLimit: 3 },
      see: { DataTraceEnabled: true },
    };
    const DefaultRouteSettings = { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 20 };
    const routes = (more: object) => [
      ...(firstStage({ RouteSettings, ...more })?.routeThrottles ?? []),
    ];
    expect(routes({})).toEqual([
      ['say', { rate: 2, burst: 1 }],
      ['hear', { rate: 3, burst: 5000 }],
    ]);
    expect(routes({ DefaultRouteSettings })).toEqual([
      ['say', { rate: 2, burst: 1 }],
      ['hear', { rate: 3, burst: 20 }],
    ]);
  });
});

describe('an integration with a role of its own', () => {
  const withRole = (grant: boolean) =>
    modelOf((app) => {
      const stack = new Stack(app, 'Chat');
      const fn = new lambda.Function(stack, 'Fn', {
        runtime: lambda.Runtime.NODEJS_24_X,
        handler: 'index.handler',
        code: lambda.Code.fromInline('exports.handler = async () => ({ statusCode: 200 });'),
      });
      const role = new iam.Role(stack, 'Role', {
        assumedBy: new iam.ServicePrincipal('apigateway.amazonaws.com'),
      });
      if (grant) fn.grantInvoke(role);
      const own = new apigateway.CfnApi(stack, 'Api', { name: 'chat', protocolType: 'WEBSOCKET' });
      new apigateway.CfnIntegration(stack, 'Integration', {
        apiId: own.ref,
        integrationType: 'AWS_PROXY',
        integrationUri: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${fn.functionArn}/invocations`,
        credentialsArn: role.roleArn,
      });
    });

  test('is let in by the role', () => {
    const { permissions, functions, unsupported } = withRole(true);
    expect(permissions).toMatchObject([{ functionArn: functions[0]?.arn }]);
    expect(unsupported).toEqual([]);
  });

  test('that may not invoke the function is not, and is named', () => {
    const { permissions, unsupported } = withRole(false);
    expect(permissions).toEqual([]);
    expect(unsupported).toMatchObject([
      { path: 'Chat/Integration', reason: expect.stringContaining('may not invoke') },
    ]);
  });
});
