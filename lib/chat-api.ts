import { ArnFormat, Stack } from 'aws-cdk-lib';
import { WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Construct } from 'constructs';

import type { ChatFunction } from './chat-function.ts';

/**
 * The WebSocket API: a route for each action, chosen by the frame's `action`, and one stage.
 */
export interface ChatApiProps {
  /** Last part of the URL. */
  readonly stageName: string;
  readonly throttle: Throttle;
}

export interface Throttle {
  /** Frames per second that a route takes; the account's limit over all its APIs is 10,000. */
  readonly rate: number;
  /** Frames a route takes at once; the account's limit is 5,000. */
  readonly burst: number;
}

export class ChatApi extends Construct {
  readonly stage: WebSocketStage;
  private readonly api: WebSocketApi;

  constructor(scope: Construct, id: string, { stageName, throttle }: ChatApiProps) {
    super(scope, id);
    this.api = new WebSocketApi(this, 'Api', {
      apiName: Stack.of(this).stackName,
      description: 'Parley: chat over WebSockets',
      routeSelectionExpression: '$request.body.action',
    });
    this.stage = new WebSocketStage(this, 'Stage', {
      webSocketApi: this.api,
      stageName,
      autoDeploy: true,
      throttle: { rateLimit: throttle.rate, burstLimit: throttle.burst },
    });
  }

  /** Frames (or events) of `routeKey` invoke the function, which sends no reply of its own. */
  route(routeKey: string, fn: ChatFunction): void {
    this.addRoute(routeKey, fn, false);
  }

  /** As `route`, and what the function returns goes back on the same connection. */
  routeWithReply(routeKey: string, fn: ChatFunction): void {
    this.addRoute(routeKey, fn, true);
  }

  /** To post to the connections of this stage: not to read or close them. */
  grantPost(fn: ChatFunction): void {
    this.grantConnections(fn, 'POST');
  }

  /** To ask whether a connection of this stage is still there. */
  grantProbe(fn: ChatFunction): void {
    this.grantConnections(fn, 'GET');
  }

  private grantConnections(fn: ChatFunction, method: 'GET' | 'POST'): void {
    fn.environment('callbackUrl', this.stage.callbackUrl);
    const resource = Stack.of(this).formatArn({
      service: 'execute-api',
      resource: this.api.apiId,
      resourceName: `${this.stage.stageName}/${method}/@connections/*`,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
    fn.allow(['execute-api:ManageConnections'], [resource]);
  }

  private addRoute(routeKey: string, { fn }: ChatFunction, returnResponse: boolean): void {
    this.api.addRoute(routeKey, {
      // One integration a route: a shared one would get its permission for the first route alone.
      integration: new WebSocketLambdaIntegration(`${routeKey}Integration`, fn),
      returnResponse,
    });
  }
}
