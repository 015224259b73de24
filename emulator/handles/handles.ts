import type { RunningApi } from '../running-api.ts';
import type { ConnectionSummary } from '../gateway/gateway.ts';
import type { Lambda } from '../lambda/functions.ts';
import type { InvocationRecord } from '../lambda/invocation-records.ts';
import type { CloudModel } from '../model.ts';
import type { Service } from '../service.ts';
import type { QueuedMessage } from '../sqs/queue.ts';
import type { Queues } from '../sqs/queues.ts';
import { findResource } from './find-resource.ts';
import { createTableHandle, type TableHandle } from './table.ts';

/**
 * What tests hold a cloud by: its tables, queues, connections and invocations. A resource is called by
 * its name, by its path in the construct tree or by the end of that path, and one that is not there is
 * an error that lists those that are.
 */
export interface Handles {
  table(called: string): TableHandle;
  queue(called: string): QueueHandle;
  /** The connections of an API, by default of all. */
  connections(api?: string): ConnectionsHandle;
  /** What ran, of one function or of all, oldest first; the last 1,000. */
  invocations(called?: string): readonly InvocationRecord[];
}

export interface QueueHandle {
  readonly name: string;
  /** What is there and not deleted, oldest first; looking hides nothing. */
  messages(): readonly QueuedMessage[];
  send(body: string): Promise<void>;
}

export interface ConnectionsHandle {
  list(): readonly ConnectionSummary[];
  /** Breaks a connection off, as a lost network does: the client hears 1006. False: it is not there. */
  cut(connectionId: string): boolean;
}

export function createHandles(parts: {
  readonly model: CloudModel;
  readonly dynamodb: Service;
  readonly queues: Queues;
  readonly lambda: Lambda;
  readonly apis: readonly RunningApi[];
}): Handles {
  const { model, dynamodb, queues, lambda, apis } = parts;
  const gateways = (api: string | undefined) => {
    if (api === undefined) return apis.map(({ gateway }) => gateway);
    const { apiId } = findResource('API', model.apis, api);
    return apis.filter(({ id }) => id === apiId).map(({ gateway }) => gateway);
  };
  return {
    table: (called) => createTableHandle(findResource('table', model.tables, called), dynamodb),
    queue(called) {
      const { name, arn } = findResource('queue', model.queues, called);
      return {
        name,
        messages: () => queues.messages(name),
        send: (body) => queues.send(arn, body),
      };
    },
    connections: (api) => ({
      list: () => gateways(api).flatMap((gateway) => gateway.connections()),
      cut: (connectionId) => gateways(api).some((gateway) => gateway.cut(connectionId)),
    }),
    invocations(called) {
      if (called === undefined) return lambda.invocations();
      const fn = findResource('function', model.functions, called);
      return lambda.invocations().filter((record) => record.function === fn.name);
    },
  };
}
