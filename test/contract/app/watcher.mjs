import {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';

/**
 * How a test sees the events that are answered to nobody: a client that connects with
 * `?watcher=<connectionId>` has its authorizer, $connect and $disconnect events posted to that other
 * connection. The authorizer's context carries the id to the later events, so no table is needed.
 */
let client;

/** The endpoint comes from the environment, once it is known. */
export function managementClient() {
  client ??= new ApiGatewayManagementApiClient({ endpoint: process.env.MANAGEMENT_ENDPOINT });
  return client;
}

export async function post(connectionId, text) {
  const command = new PostToConnectionCommand({ ConnectionId: connectionId, Data: text });
  await managementClient().send(command);
}

export async function report(handler, event, watcher) {
  if (watcher !== undefined) await post(watcher, JSON.stringify({ handler, event }));
}
