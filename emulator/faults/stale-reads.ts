import type { Json } from '../dynamodb/client.ts';
import { isJson } from '../dynamodb/table-names.ts';
import type { Service, ServiceRequest, ServiceResponse } from '../service.ts';
import { type ItemCall, readJson } from './item-call.ts';
import type { ItemHistory, PastItems } from './item-history.ts';
import type { RuleAt } from './rule.ts';

/**
 * Answers an eventually consistent read with items as they were before they were last written. A new
 * item is not there yet, a changed one is the old one, and to GetItem and BatchGetItem a deleted one is
 * there still. Query and Scan do not bring a deleted item back, and an old version is not held against
 * the filter again. Only reads that would differ count as occurrences.
 */
export interface StaleReads {
  pass(
    call: ItemCall,
    request: ServiceRequest,
    service: Service,
    take: TakeRead,
  ): Promise<ServiceResponse>;
}

/** Takes the rule that strikes, of those that `could`. */
type TakeRead = (could: (rule: RuleAt<'read'>) => boolean) => RuleAt<'read'> | undefined;

export function createStaleReads(history: ItemHistory): StaleReads {
  return {
    async pass(call, request, service, take) {
      const remember = await history.before(call);
      const answered = await service(request);
      if (answered.status !== 200) return answered;
      remember();
      const output = isStrong(call.input) ? undefined : readJson(answered.body);
      if (output === undefined) return answered;
      const staleBy = ({ ms }: RuleAt<'read'>) =>
        past(call, output, (table) => history.asOf(table, ms));
      const rule = take((one) => staleBy(one) !== undefined);
      const stale = rule && staleBy(rule);
      if (stale === undefined) return answered;
      return { ...answered, body: JSON.stringify(stale) };
    },
  };
}

function isStrong({ ConsistentRead, RequestItems }: Json): boolean {
  const requests = isJson(RequestItems) ? Object.values(RequestItems) : [];
  return [{ ConsistentRead }, ...requests].some(
    (reading) => isJson(reading) && reading['ConsistentRead'] === true,
  );
}

type Past = (table: string) => PastItems;

/** What a read answers when it is behind; undefined when that is the same. */
function past({ operation, input }: ItemCall, output: Json, pastOf: Past): Json | undefined {
  const table = String(input['TableName']);
  switch (operation) {
    case 'GetItem':
      return pastItem(input, output, pastOf(table));
    case 'Query':
    case 'Scan':
      return pastItems(output, pastOf(table));
    case 'BatchGetItem':
      return pastResponses(input, output, pastOf);
    default:
      return undefined;
  }
}

function pastItem({ Key, ...reading }: Json, output: Json, items: PastItems): Json | undefined {
  const found = isJson(Key) ? items.find(Key) : 'unchanged';
  if (found === 'unchanged') return undefined;
  const { Item: _, ...rest } = output;
  return found === 'absent' ? rest : { ...rest, Item: projected(found, reading) };
}

function pastItems(output: Json, items: PastItems): Json | undefined {
  const now = listOf(output['Items']);
  if (now.every((item) => items.find(item) === 'unchanged')) return undefined;
  const Items = now.flatMap((item) => wasOf(item, items));
  return { ...output, Items, Count: Items.length };
}

function wasOf(item: Json, items: PastItems): readonly Json[] {
  const was = items.find(item);
  if (was === 'absent') return [];
  return [was === 'unchanged' ? item : was];
}

function pastResponses({ RequestItems }: Json, output: Json, pastOf: Past): Json | undefined {
  const responses = output['Responses'];
  if (!isJson(RequestItems) || !isJson(responses)) return undefined;
  const changed = Object.entries(RequestItems).flatMap(([table, wanted]) => {
    const items = isJson(wanted)
      ? pastResponse(wanted, listOf(responses[table]), pastOf(table))
      : undefined;
    return items === undefined ? [] : [[table, items] as const];
  });
  if (changed.length === 0) return undefined;
  return { ...output, Responses: { ...responses, ...Object.fromEntries(changed) } };
}

function pastResponse(
  wanted: Json,
  now: readonly Json[],
  items: PastItems,
): readonly Json[] | undefined {
  const keys = listOf(wanted['Keys']);
  if (keys.every((key) => items.find(key) === 'unchanged')) return undefined;
  const deleted = keys.flatMap((key) => {
    const was = items.find(key);
    return isJson(was) && !now.some((item) => has(item, key)) ? [was] : [];
  });
  const all = [...now.flatMap((item) => wasOf(item, items)), ...deleted];
  return all.map((item) => projected(item, wanted));
}

const listOf = (value: unknown) => (Array.isArray(value) ? value.filter(isJson) : []);

const has = (item: Json, key: Json) =>
  Object.entries(key).every(([name, value]) => same(item[name], value));

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** The attributes that were asked for; of a nested path, the whole attribute. */
function projected(item: Json, { ProjectionExpression: paths, ...reading }: Json): Json {
  if (typeof paths !== 'string') return item;
  const aliases = reading['ExpressionAttributeNames'];
  const names = new Set(
    paths.split(',').map((path) => {
      const name = path.trim().split(/[.[]/)[0] ?? '';
      const alias = isJson(aliases) ? aliases[name] : undefined;
      return typeof alias === 'string' ? alias : name;
    }),
  );
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name)));
}
