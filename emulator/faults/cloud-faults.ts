import type { Clock } from '../clock.ts';
import type { Endpoint } from '../dynamodb/client.ts';
import type { MappingFaults } from '../event-source/faults.ts';
import type { Log } from '../log.ts';
import type { CloudModel, WebSocketApi } from '../model.ts';
import type { Service } from '../service.ts';
import { createFaults, type FaultSource } from './faults.ts';
import { createInvocationFaults, type InvocationFaults } from './invocations.ts';
import { withItemCallFaults } from './item-calls.ts';
import { createItemHistory } from './item-history.ts';
import type { FaultPlan } from './plan.ts';
import { withPostFaults } from './posts.ts';
import { resourceNames } from './resources.ts';
import { createSendFaults, type SendFaults } from './sends.ts';
import { createSocketFaults, type SocketFaults } from './sockets.ts';
import { createStaleReads } from './stale-reads.ts';
import { createStreamFaults } from './streams.ts';

/**
 * The faults of one cloud, wired to every place where they are decided. Each service is wrapped from
 * outside; the parts that hold sockets, sandboxes and shards have hooks. Without rules, each place
 * looks into an empty map and goes on.
 */
export interface CloudFaults {
  readonly source: FaultSource;
  readonly lambda: InvocationFaults;
  readonly mappings: MappingFaults;
  readonly send: SendFaults['send'];
  dynamodb(service: Service): Service;
  sqs(service: Service): Service;
  invoke(service: Service): Service;
  /** One API: its sockets' hooks, and its `@connections`. */
  api(api: WebSocketApi): {
    readonly sockets: SocketFaults;
    readonly posts: (service: Service) => Service;
  };
  /** Says which rules never struck, and ends. */
  close(): void;
}

export function createCloudFaults(options: {
  readonly plan: FaultPlan;
  readonly model: CloudModel;
  readonly engine: Endpoint;
  readonly clock: Clock;
  readonly log: Log;
  replay(mappingPath: string): void;
}): CloudFaults {
  const { model, clock, log } = options;
  const names = resourceNames(model);
  const source = createFaults({
    ...options,
    onFired: ({ rule, operation, resource }) => log('faults', `${rule}: ${operation} ${resource}`),
  });
  const shared = { faults: source, names, clock };
  const history = createItemHistory({ ...options, tables: model.tables });
  const staleReads = createStaleReads(history);
  const lambda = createInvocationFaults(source);
  const sends = createSendFaults(source, names);
  const tableOf = (streamArn: string) =>
    model.tables.find((table) => table.streamArn === streamArn)?.name;
  return {
    source,
    lambda,
    mappings: createStreamFaults({ ...options, ...shared, mappings: model.mappings, tableOf }),
    send: sends.send,
    dynamodb: (service) =>
      lambda.counted(withItemCallFaults(service, { ...shared, staleReads }), 'dynamodb'),
    sqs: (service) => lambda.counted(sends.service(service), 'sqs'),
    invoke: (service) => lambda.counted(service, 'lambda'),
    api(api) {
      const sockets = createSocketFaults(source, api);
      return {
        sockets,
        posts: (service) =>
          lambda.counted(withPostFaults(service, { ...shared, api, sockets }), 'connections'),
      };
    },
    close() {
      for (const rule of source.idle()) log('faults', `${rule} never struck`);
      source.clear();
    },
  };
}
