import { fileURLToPath } from 'node:url';

import type {
  CloudModel,
  FunctionResource,
  LambdaIntegration,
  WebSocketRoute,
} from '../../../emulator/model.ts';

/**
 * The contract app as a template would describe it: one API, one function per route. There is no
 * $default route, so that what has no route is answered by the gateway itself.
 */
const ACCOUNT = '123456789012';
const REGION = 'us-east-1';
const DIRECTORY = fileURLToPath(new URL('.', import.meta.url));

/** Far below the five seconds that `slow` takes; AWS allows 50 ms and up. */
const SLOW_TIMEOUT_MS = 100;
const DEFAULT_TIMEOUT_MS = 29_000;

const TWO_WAY = ['echo', 'whoami', 'post', 'bodiless'];
const ONE_WAY = ['oneway', 'silent', 'throw', 'slow'];
const LIFE = ['connect', 'disconnect'];

export const CONTRACT_APP: CloudModel = {
  account: ACCOUNT,
  region: REGION,
  apis: [
    {
      logicalId: 'Contract',
      path: 'Contract/Api/Resource',
      apiId: 'c0ntract1d',
      name: 'Contract',
      routeSelectionExpression: '$request.body.action',
      routes: [
        ...LIFE.map((name) => route(`$${name}`, name)),
        ...[...TWO_WAY, ...ONE_WAY].map((name) => route(name, name)),
      ],
      stages: [{ name: 'prod', deployed: true, variables: {} }],
    },
  ],
  httpApis: [],
  functions: ['authorizer', ...LIFE, ...TWO_WAY, ...ONE_WAY].map(functionResource),
  permissions: ['authorizer', ...LIFE, ...TWO_WAY, ...ONE_WAY].map((name) => ({
    functionArn: functionArn(name),
    action: 'lambda:InvokeFunction',
    principal: 'apigateway.amazonaws.com',
    sourceArn: `arn:aws:execute-api:${REGION}:${ACCOUNT}:c0ntract1d/*`,
  })),
  tables: [],
  queues: [],
  mappings: [],
  eventInvokes: [],
  schedules: [],
  outputs: {},
  unsupported: [],
  missingValues: [],
};

function route(routeKey: string, name: string): WebSocketRoute {
  const authorizer = {
    authorizerId: 'auth0r',
    functionArn: functionArn('authorizer'),
    identitySources: ['route.request.querystring.as'],
  };
  return {
    routeKey,
    integration: integration(name),
    ...(routeKey === '$connect' && { authorizer }),
    returnsResponse: TWO_WAY.includes(name),
  };
}

function integration(name: string): LambdaIntegration {
  return {
    functionArn: functionArn(name),
    timeoutMs: name === 'slow' ? SLOW_TIMEOUT_MS : DEFAULT_TIMEOUT_MS,
  };
}

function functionResource(name: string): FunctionResource {
  return {
    logicalId: name,
    path: `Contract/${name}/Resource`,
    name,
    arn: functionArn(name),
    codeDirectory: DIRECTORY,
    handler: `${name}.handler`,
    runtime: 'nodejs24.x',
    architecture: 'x86_64',
    timeoutSeconds: 10,
    memoryMb: 128,
    environment: {},
    role: {
      arn: `arn:aws:iam::${ACCOUNT}:role/contract`,
      name: 'contract',
      statements: [
        {
          effect: 'Allow',
          actions: ['execute-api:ManageConnections'],
          notActions: [],
          resources: [`arn:aws:execute-api:${REGION}:${ACCOUNT}:c0ntract1d/*`],
          notResources: [],
          conditions: {},
        },
      ],
      managedPolicies: [],
    },
  };
}

function functionArn(name: string): string {
  return `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`;
}
