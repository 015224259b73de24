import { expect, test } from 'vitest';

import { demands } from '../../../emulator/dynamodb/permissions.ts';
import { withTableNames } from '../../../emulator/dynamodb/table-names.ts';

const arnOf = (name: string) => `arn:aws:dynamodb:r:a:table/${name}`;
const STREAM = `${arnOf('A')}/stream/label`;
const inA = { TableName: 'A' };
const inB = { TableName: 'B' };

test.each([
  ['GetItem', inA, ['GetItem table/A']],
  ['PutItem', { TableName: arnOf('A') }, ['PutItem table/A']],
  ['UpdateItem', inA, ['UpdateItem table/A']],
  ['DeleteItem', inA, ['DeleteItem table/A']],
  ['Query', inA, ['Query table/A']],
  ['Query', { ...inA, IndexName: 'ByUser' }, ['Query table/A/index/ByUser']],
  ['Scan', { ...inA, IndexName: 'ByUser' }, ['Scan table/A/index/ByUser']],
  [
    'BatchGetItem',
    { RequestItems: { A: {}, B: {} } },
    ['BatchGetItem table/A', 'BatchGetItem table/B'],
  ],
  [
    'BatchWriteItem',
    { RequestItems: { A: [], [arnOf('B')]: [] } },
    ['BatchWriteItem table/A', 'BatchWriteItem table/B'],
  ],
  [
    'TransactGetItems',
    { TransactItems: [{ Get: inA }, { Get: inA }, { Get: inB }] },
    ['GetItem table/A', 'GetItem table/B'],
  ],
  [
    'TransactWriteItems',
    { TransactItems: [{ Put: inA }, { Update: inA }, { Delete: inB }, { ConditionCheck: inB }] },
    ['PutItem table/A', 'UpdateItem table/A', 'DeleteItem table/B', 'ConditionCheckItem table/B'],
  ],
  ['DescribeTable', inA, ['DescribeTable table/A']],
  ['ListTables', {}, ['ListTables *']],
  ['ListStreams', {}, ['ListStreams *']],
  ['TagResource', { ResourceArn: arnOf('A') }, ['TagResource table/A']],
  ['DescribeStream', { StreamArn: STREAM }, ['DescribeStream table/A/stream/label']],
  ['GetShardIterator', { StreamArn: STREAM }, ['GetShardIterator table/A/stream/label']],
  ['GetRecords', { ShardIterator: `${STREAM}|1|abc` }, ['GetRecords table/A/stream/label']],
] as const)('%s on %j asks for %j', (operation, input, expected) => {
  const needed = demands(operation, withTableNames(input), { arn: arnOf });
  expect(needed).toEqual(
    expected.map((text) => {
      const [action, resource = ''] = text.split(' ');
      const arn = resource === '*' ? '*' : `arn:aws:dynamodb:r:a:${resource}`;
      return { action: `dynamodb:${action}`, resource: arn };
    }),
  );
});

test.each(['ExecuteStatement', 'BatchExecuteStatement', 'ExecuteTransaction'])(
  '%s is unsupported, since its tables are in its text',
  (operation) => {
    expect(demands(operation, {}, { arn: arnOf })).toBe('unsupported');
  },
);

test('a malformed transaction asks for nothing and is left for the engine to refuse', () => {
  const input = { TransactItems: [null, 'x', { Put: null }, { Put: {} }] };
  expect(demands('TransactWriteItems', withTableNames(input), { arn: arnOf })).toEqual([]);
});

const keys = {
  arn: arnOf,
  hashKey: (_: string, index?: string) => (index === undefined ? 'pk' : 'ik'),
};

test.each<[string, object, Record<string, readonly string[]>]>([
  [
    'GetItem',
    { Key: { pk: { S: 'a' }, sk: { S: 'b' } } },
    { LeadingKeys: ['a'], Attributes: ['pk', 'sk'] },
  ],
  [
    'PutItem',
    { Item: { pk: { N: '7' }, x: { S: 'y' } } },
    { LeadingKeys: ['7'], Attributes: ['pk', 'x'] },
  ],
  [
    'UpdateItem',
    {
      Key: { pk: { S: 'a' } },
      UpdateExpression: 'SET #n.first = if_not_exists(#n.first, :v), tags[0] = :v REMOVE old',
      ConditionExpression: 'attribute_exists(pk) AND size(words) < :v',
      ExpressionAttributeNames: { '#n': 'name' },
      ReturnValues: 'ALL_NEW',
    },
    {
      LeadingKeys: ['a'],
      Attributes: ['pk', 'words', 'name', 'tags', 'old'],
      ReturnValues: ['ALL_NEW'],
    },
  ],
  [
    'Query',
    {
      KeyConditionExpression: '#k = :k AND sk > :s',
      ExpressionAttributeNames: { '#k': 'pk' },
      ExpressionAttributeValues: { ':k': { S: 'a' }, ':s': { S: 'z' } },
      ProjectionExpression: 'text',
      Select: 'SPECIFIC_ATTRIBUTES',
    },
    { LeadingKeys: ['a'], Attributes: ['pk', 'sk', 'text'], Select: ['SPECIFIC_ATTRIBUTES'] },
  ],
  [
    'Query',
    {
      IndexName: 'I',
      KeyConditionExpression: 'ik = :k',
      ExpressionAttributeValues: { ':k': { S: 'u' } },
    },
    { LeadingKeys: ['u'], Attributes: ['ik'] },
  ],
  [
    'Query',
    { KeyConditions: { pk: { ComparisonOperator: 'EQ', AttributeValueList: [{ S: 'a' }] } } },
    { LeadingKeys: ['a'] },
  ],
  ['Scan', {}, { FullTableScan: ['true'] }],
])('%s on %j tells IAM %j', (operation, input, expected) => {
  const context = Object.fromEntries(
    Object.entries(expected).map(([name, values]) => [`dynamodb:${name}`, values]),
  );
  expect(demands(operation, { TableName: 'A', ...input }, keys)).toMatchObject([{ context }]);
});

test('a batch and a transaction tell the keys of all their parts, table by table', () => {
  const put = (key: string) => ({ PutRequest: { Item: { pk: { S: key } } } });
  const RequestItems = { A: [put('a'), put('b')], B: [put('c')] };
  const leading = (found: ReturnType<typeof demands>) =>
    found === 'unsupported' ? [] : found.map(({ context }) => context?.['dynamodb:LeadingKeys']);
  expect(leading(demands('BatchWriteItem', { RequestItems }, keys))).toEqual([['a', 'b'], ['c']]);
  const Put = (key: string) => ({ Put: { TableName: 'A', Item: { pk: { S: key } } } });
  const input = { TransactItems: [Put('a'), Put('b')] };
  const found = demands('TransactWriteItems', input, keys);
  expect(leading(found)).toEqual([['a', 'b']]);
  expect(found).toMatchObject([
    { context: { 'dynamodb:EnclosingOperation': ['TransactWriteItems'] } },
  ]);
});
