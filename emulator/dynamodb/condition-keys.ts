import type { CallContext } from '../iam/conditions.ts';
import type { Json } from './client.ts';
import { isJson } from './table-names.ts';

/**
 * The condition keys that DynamoDB gives IAM with a call: which partitions and attributes it touches,
 * and how. Pure.
 *
 * `dynamodb:Attributes` holds the names at the top of each path that a request mentions; a request that
 * mentions none in a projection asks for all, which AWS tells by `Select` and policies must ask for.
 */
export function conditionKeys(operation: string, input: Json, hashKey: string): CallContext {
  const { Select, ReturnValues, ReturnConsumedCapacity } = input;
  const told: CallContext = {
    'dynamodb:LeadingKeys': leadingKeys(input, hashKey),
    'dynamodb:Attributes': attributes(input),
    'dynamodb:Select': texts(Select),
    'dynamodb:ReturnValues': texts(ReturnValues),
    'dynamodb:ReturnConsumedCapacity': texts(ReturnConsumedCapacity),
    'dynamodb:FullTableScan': operation === 'Scan' ? ['true'] : [],
  };
  return Object.fromEntries(Object.entries(told).filter(([, values]) => values.length > 0));
}

/** What several parts of one request tell together: IAM judges the request. */
export function together(contexts: readonly CallContext[]): CallContext {
  const names = new Set(contexts.flatMap((context) => Object.keys(context)));
  return Object.fromEntries(
    [...names].map((name) => [name, [...new Set(contexts.flatMap((each) => each[name] ?? []))]]),
  );
}

function leadingKeys(input: Json, hashKey: string): readonly string[] {
  const { Item, Key, Keys, KeyConditions } = input;
  const rows = [Item, Key, ...(Array.isArray(Keys) ? (Keys as unknown[]) : [])].filter(isJson);
  const ofRows = rows.flatMap((row) => scalars([row[hashKey]]));
  const condition = isJson(KeyConditions) ? KeyConditions[hashKey] : undefined;
  const values = isJson(condition) ? condition['AttributeValueList'] : undefined;
  const ofConditions = Array.isArray(values) ? scalars(values) : [];
  return [...new Set([...ofRows, ...ofConditions, ...ofExpression(input, hashKey)])];
}

const EQUALITY = /(#?[\w.-]+)\s*=\s*(:[\w.-]+)/g;

/** The value that a key condition compares the partition key with. */
function ofExpression(input: Json, hashKey: string): readonly string[] {
  const { KeyConditionExpression, ExpressionAttributeValues } = input;
  if (typeof KeyConditionExpression !== 'string' || !isJson(ExpressionAttributeValues)) return [];
  return [...KeyConditionExpression.matchAll(EQUALITY)]
    .filter(([, name = '']) => named(name, input) === hashKey)
    .flatMap(([, , value = '']) => scalars([ExpressionAttributeValues[value]]));
}

/** The one value of each `{ S: 'x' }`, `{ N: '1' }` or `{ B: '…' }`. */
const scalars = (values: readonly unknown[]) =>
  values.filter(isJson).flatMap((value) => Object.values(value).flatMap(texts));

const EXPRESSIONS = [
  'ConditionExpression',
  'FilterExpression',
  'KeyConditionExpression',
  'ProjectionExpression',
  'UpdateExpression',
];

/** Words of expressions that name no attribute. */
const KEYWORDS = new Set(
  (
    'add and attribute_exists attribute_not_exists attribute_type begins_with between contains ' +
    'delete if_not_exists in list_append not or remove set size'
  ).split(' '),
);

/** The first name of each path, or a value, or a number; what follows a dot is no name of its own. */
const PATHS = /[#:]?[A-Za-z_][\w-]*(?:\[\d+\]|\.[#\w-]+)*/g;

function attributes(input: Json): readonly string[] {
  const { Item, Key, AttributesToGet } = input;
  const rows = [Item, Key].filter(isJson).flatMap((row) => Object.keys(row));
  const listed = Array.isArray(AttributesToGet) ? AttributesToGet.flatMap(texts) : [];
  const mentioned = EXPRESSIONS.flatMap((name) => texts(input[name]))
    .flatMap((expression) => expression.match(PATHS) ?? [])
    .filter((path) => !path.startsWith(':') && !KEYWORDS.has(path.toLowerCase()))
    .map((path) => named(path.split(/[.[]/)[0] ?? '', input));
  return [...new Set([...rows, ...listed, ...mentioned])];
}

/** `#n` by what the request says it stands for. */
function named(name: string, { ExpressionAttributeNames }: Json): string {
  const real = isJson(ExpressionAttributeNames) ? ExpressionAttributeNames[name] : undefined;
  return typeof real === 'string' ? real : name;
}

const texts = (value: unknown): readonly string[] => (typeof value === 'string' ? [value] : []);
