import type { LambdaIntegration, WebSocketApi, WebSocketRoute } from '../../../emulator/model.ts';

/** The ARN that the function of this name has in these tests. */
export function arnOf(name: string): string {
  return `arn:aws:lambda:us-east-1:123456789012:function:${name}`;
}

/** A route to the function of this name; two-way on request. */
export function routeTo(
  routeKey: string,
  name: string,
  more: { readonly timeoutMs?: number; readonly twoWay?: boolean } = {},
): WebSocketRoute {
  const integration: LambdaIntegration = {
    functionArn: arnOf(name),
    timeoutMs: more.timeoutMs ?? 29_000,
  };
  return { routeKey, integration, returnsResponse: more.twoWay ?? false };
}

/** An API of these routes with the stage `prod`. */
export function apiOf(
  routes: readonly WebSocketRoute[],
  more: Partial<WebSocketApi> = {},
): WebSocketApi {
  return {
    logicalId: 'Api',
    path: 'Test/Api',
    apiId: 'abcd123',
    name: 'Test',
    routeSelectionExpression: '$request.body.action',
    routes,
    stages: [{ name: 'prod', deployed: true, variables: {} }],
    ...more,
  };
}
