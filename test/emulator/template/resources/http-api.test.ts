import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigatewayv2';
import {
  HttpIamAuthorizer,
  HttpJwtAuthorizer,
  HttpLambdaAuthorizer,
  HttpLambdaResponseType,
} from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import {
  HttpLambdaIntegration,
  HttpUrlIntegration,
} from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { describe, expect, test } from 'vitest';

import { emptyFunction, modelOf } from '../../../support/templates.ts';

const fn = (stack: Stack, id: string) =>
  new lambda.Function(stack, id, {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromAsset(emptyFunction()),
  });

const { GET, ANY } = apigateway.HttpMethod;

function rooms(app: App): void {
  const stack = new Stack(app, 'Rooms');
  const handler = fn(stack, 'Handler');
  const integration = new HttpLambdaIntegration('Integration', handler);
  const api = new apigateway.HttpApi(stack, 'Api', {
    corsPreflight: {
      allowOrigins: ['https://chat.example'],
      allowMethods: [apigateway.CorsHttpMethod.GET],
      allowHeaders: ['authorization'],
      maxAge: Duration.minutes(5),
    },
  });
  api.addRoutes({ path: '/rooms/{id}', methods: [GET], integration });
  api.addRoutes({
    path: '/jwt',
    methods: [ANY],
    integration,
    authorizer: new HttpJwtAuthorizer('Jwt', 'https://issuer.example', { jwtAudience: ['chat'] }),
    authorizationScopes: ['read'],
  });
  api.addRoutes({
    path: '/lambda',
    methods: [GET],
    integration,
    authorizer: new HttpLambdaAuthorizer('Gate', fn(stack, 'Gate'), {
      responseTypes: [HttpLambdaResponseType.SIMPLE],
    }),
  });
  new CfnOutput(stack, 'Url', { value: api.apiEndpoint });
}

describe('an HTTP API written with the CDK', () => {
  test('has its routes, authorizers, stage and CORS, and nothing unsupported', () => {
    const { httpApis, apis, functions, unsupported, outputs } = modelOf(rooms);
    const integration = { functionArn: functions[0]?.arn, timeoutMs: 30_000, payloadFormat: '2.0' };
    expect({ apis, unsupported }).toEqual({ apis: [], unsupported: [] });
    expect(httpApis).toEqual([
      {
        logicalId: expect.any(String),
        path: 'Rooms/Api/Resource',
        apiId: expect.stringMatching(/^[a-z0-9]{10}$/),
        name: 'Api',
        routes: [
          { routeKey: 'GET /rooms/{id}', integration },
          {
            routeKey: 'ANY /jwt',
            integration,
            authorizer: {
              kind: 'jwt',
              authorizerId: expect.any(String),
              issuer: 'https://issuer.example',
              audience: ['chat'],
              identitySource: '$request.header.Authorization',
              scopes: ['read'],
            },
          },
          {
            routeKey: 'GET /lambda',
            integration,
            authorizer: {
              kind: 'lambda',
              authorizerId: expect.any(String),
              functionArn: functions[1]?.arn,
              payloadFormat: '2.0',
              simpleResponses: true,
              identitySources: ['$request.header.Authorization'],
              cacheSeconds: 300,
            },
          },
        ],
        stages: [{ name: '$default', deployed: true, variables: {} }],
        cors: {
          allowOrigins: ['https://chat.example'],
          allowMethods: ['GET'],
          allowHeaders: ['authorization'],
          exposeHeaders: [],
          allowCredentials: false,
          maxAgeSeconds: 300,
        },
      },
    ]);
    const endpoint = `https://${httpApis[0]?.apiId}.execute-api.us-east-1.amazonaws.com`;
    expect(outputs).toEqual({ Url: endpoint });
  });

  test('keeps routes shut whose authorization is not run, and names them', () => {
    const { httpApis, unsupported } = modelOf((app) => {
      const stack = new Stack(app, 'Rooms');
      new apigateway.HttpApi(stack, 'Api').addRoutes({
        path: '/iam',
        methods: [GET],
        integration: new HttpLambdaIntegration('Integration', fn(stack, 'Handler')),
        authorizer: new HttpIamAuthorizer(),
      });
    });
    expect(httpApis[0]?.routes[0]?.authorizer).toEqual({ kind: 'refuse' });
    expect(unsupported).toMatchObject([
      {
        path: 'Rooms/Api/GET--iam/Resource',
        reason: 'AWS_IAM authorization is not run here: the route lets nobody in',
      },
    ]);
  });

  test('names integrations that are not Lambda proxies, and leaves their routes without', () => {
    const { httpApis, unsupported } = modelOf((app) => {
      const stack = new Stack(app, 'Rooms');
      new apigateway.HttpApi(stack, 'Api', {
        defaultIntegration: new HttpUrlIntegration('Else', 'https://else.example'),
      });
    });
    expect(httpApis[0]?.routes).toEqual([{ routeKey: '$default' }]);
    expect(unsupported).toMatchObject([
      { reason: 'an HTTP_PROXY integration with this URI is not run' },
    ]);
  });

  test.each([
    ['an OpenAPI document', { body: {} }, 'an API declared as an OpenAPI document is not run'],
    [
      'a target of its own',
      { target: 'arn:x', routeKey: '$default' },
      'an API with a target of its own is not run',
    ],
  ])('is named when it is declared by %s', (_title, props, reason) => {
    const { httpApis, unsupported } = modelOf((app) => {
      new apigateway.CfnApi(new Stack(app, 'Rooms'), 'Api', {
        name: 'a',
        protocolType: 'HTTP',
        ...props,
      });
    });
    expect(httpApis).toEqual([]);
    expect(unsupported).toMatchObject([{ path: 'Rooms/Api', reason }]);
  });
});
