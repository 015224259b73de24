import { fileURLToPath } from 'node:url';

import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

/**
 * The contract app for AWS: what `model.ts` describes, as a stack. Nothing is bundled: the functions are
 * plain modules, and the SDK they use is the runtime's.
 */
const DIRECTORY = fileURLToPath(new URL('.', import.meta.url));

/** Far below the five seconds that `slow` takes; AWS allows 50 ms and up. */
const SLOW_TIMEOUT_MS = 100;
const DEFAULT_TIMEOUT_MS = 29_000;

const TWO_WAY = ['echo', 'whoami', 'post', 'bodiless'];
const ONE_WAY = ['oneway', 'silent', 'throw', 'slow'];

export class ContractStack extends Stack {
  private readonly functions = new Map<string, Function>();

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const authorizer = new WebSocketLambdaAuthorizer('Authorizer', this.fn('authorizer'), {
      identitySource: ['route.request.querystring.as'],
    });
    const api = new WebSocketApi(this, 'Api', {
      apiName: 'Contract',
      routeSelectionExpression: '$request.body.action',
      connectRouteOptions: { integration: this.integration('connect'), authorizer },
      disconnectRouteOptions: { integration: this.integration('disconnect') },
    });
    for (const name of [...TWO_WAY, ...ONE_WAY]) {
      const returnResponse = TWO_WAY.includes(name);
      api.addRoute(name, { integration: this.integration(name), returnResponse });
    }
    const stage = new WebSocketStage(this, 'Stage', {
      webSocketApi: api,
      stageName: 'prod',
      autoDeploy: true,
    });
    for (const fn of this.functions.values()) {
      fn.addEnvironment('MANAGEMENT_ENDPOINT', stage.callbackUrl);
      stage.grantManagementApiAccess(fn);
    }
    new CfnOutput(this, 'Url', { value: stage.url });
  }

  private fn(name: string): Function {
    const fn = new Function(this, name, {
      runtime: Runtime.NODEJS_24_X,
      code: Code.fromAsset(DIRECTORY, { exclude: ['*.ts'] }),
      handler: `${name}.handler`,
      timeout: Duration.seconds(10),
      memorySize: 256,
    });
    this.functions.set(name, fn);
    return fn;
  }

  private integration(name: string): WebSocketLambdaIntegration {
    const timeout = Duration.millis(name === 'slow' ? SLOW_TIMEOUT_MS : DEFAULT_TIMEOUT_MS);
    return new WebSocketLambdaIntegration(`${name}Integration`, this.fn(name), { timeout });
  }
}
