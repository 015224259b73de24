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
  const needed = demands(operation, withTableNames(input), arnOf);
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
    expect(demands(operation, {}, arnOf)).toBe('unsupported');
  },
);

test('a malformed transaction asks for nothing and is left for the engine to refuse', () => {
  const input = { TransactItems: [null, 'x', { Put: null }, { Put: {} }] };
  expect(demands('TransactWriteItems', withTableNames(input), arnOf)).toEqual([]);
});
