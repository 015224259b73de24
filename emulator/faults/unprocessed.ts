import type { Json } from '../dynamodb/client.ts';
import { isJson } from '../dynamodb/table-names.ts';
import {
  type Service,
  serviceError,
  type ServiceRequest,
  type ServiceResponse,
} from '../service.ts';
import { type ItemCall, readJson } from './item-call.ts';

/**
 * Does the first half of a batch and hands the rest back as `UnprocessedItems` or `UnprocessedKeys`.
 * Of a batch of one nothing would be done, which DynamoDB answers as throttled.
 */
export async function answerPartly(
  { operation, input }: ItemCall,
  request: ServiceRequest,
  service: Service,
): Promise<ServiceResponse> {
  const { RequestItems } = input;
  const entries = isJson(RequestItems) ? entriesOf(RequestItems) : [];
  const done = entries.slice(0, Math.floor(entries.length / 2));
  if (done.length === 0) {
    const why = 'The level of configured throughput was exceeded';
    return serviceError(400, 'ProvisionedThroughputExceededException', why);
  }
  const body = Buffer.from(JSON.stringify({ ...input, RequestItems: gather(done) }));
  const answered = await service({ ...request, body });
  const output = readJson(answered.body);
  if (answered.status !== 200 || output === undefined) return answered;
  const rest = operation === 'BatchGetItem' ? 'UnprocessedKeys' : 'UnprocessedItems';
  const unprocessed = gather(entries.slice(done.length));
  return { ...answered, body: JSON.stringify({ ...output, [rest]: unprocessed }) };
}

/** One write, or one key with how its table is to be read. */
interface Entry {
  readonly table: string;
  readonly one: unknown;
  readonly reading?: Json;
}

function entriesOf(requestItems: Json): readonly Entry[] {
  return Object.entries(requestItems).flatMap(([table, wanted]) => {
    if (Array.isArray(wanted)) return wanted.map((one: unknown) => ({ table, one }));
    if (!isJson(wanted) || !Array.isArray(wanted['Keys'])) return [];
    const { Keys, ...reading } = wanted;
    return Keys.map((one: unknown) => ({ table, one, reading }));
  });
}

function gather(entries: readonly Entry[]): Json {
  const byTable = Map.groupBy(entries, ({ table }) => table);
  return Object.fromEntries(
    [...byTable].map(([table, own]) => {
      const all = own.map(({ one }) => one);
      const reading = own[0]?.reading;
      return [table, reading === undefined ? all : { ...reading, Keys: all }];
    }),
  );
}
