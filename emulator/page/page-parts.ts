import type { Engine } from '../dynamodb/engine.ts';
import { openStream } from '../dynamodb/streams.ts';
import type { HttpApiAddress } from '../fronts.ts';
import type { Mappings } from '../event-source/mappings.ts';
import type { Lambda } from '../lambda/functions.ts';
import type { Bill } from '../meter/bill.ts';
import type { Parts } from '../parts.ts';
import type { RunningApi } from '../running-api.ts';
import type { Queues } from '../sqs/queues.ts';
import type { PageServiceParts } from './page-service.ts';
import { createRedrive } from './redrive.ts';
import { pageState } from './state.ts';

/** What the page under `/_parley` shows and does. */
export function pageParts(
  { model, clock, region, trace }: Parts,
  running: {
    readonly engine: Engine;
    readonly lambda: Lambda;
    readonly queues: Queues;
    readonly mappings: Mappings;
    readonly bill: () => Bill;
    readonly httpApis: readonly HttpApiAddress[];
  },
  started: readonly { readonly running: RunningApi }[],
): PageServiceParts {
  const { engine, lambda, queues, bill } = running;
  const apis = started.map((api) => api.running);
  return {
    bill,
    state: () => pageState({ ...running, model, clock, apis, trace }),
    cut: (connectionId) => apis.some(({ gateway }) => gateway.cut(connectionId)),
    redrive: createRedrive({
      model,
      queues,
      invoke: lambda.invoke,
      openStream: (table) => openStream(engine, table, region, clock),
    }),
  };
}
