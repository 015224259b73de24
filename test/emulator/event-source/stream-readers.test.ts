import { Stack } from 'aws-cdk-lib';
import { AttributeType, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { CfnEventSourceMapping, Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { expect, onTestFinished, test } from 'vitest';

import { startCloud } from '../../../emulator/index.ts';
import { synthesize } from '../../support/templates.ts';

/** A table whose stream is mapped to functions of these names, one mapping each. */
async function startReaders(names: readonly string[], enabled = true) {
  const lines: string[] = [];
  const cloud = await startCloud({
    assembly: synthesize((app) => {
      const stack = new Stack(app, 'App');
      const table = new Table(stack, 'Table', {
        tableName: 'table',
        partitionKey: { name: 'id', type: AttributeType.STRING },
        stream: StreamViewType.NEW_IMAGE,
      });
      const readers = new Map<string, Function>();
      for (const [index, name] of names.entries()) {
        const code = Code.fromInline('exports.handler = async () => {};');
        const runtime = Runtime.NODEJS_24_X;
        const props = { functionName: name, runtime, handler: 'index.handler', code };
        const fn = readers.get(name) ?? new Function(stack, name, props);
        readers.set(name, fn);
        table.grantStreamRead(fn);
        new CfnEventSourceMapping(stack, `Mapping${index}`, {
          eventSourceArn: table.tableStreamArn ?? '',
          functionName: fn.functionName,
          startingPosition: 'TRIM_HORIZON',
          enabled,
        });
      }
    }),
    streamPollMs: 0,
    log: (source, line) => lines.push(`${source}: ${line}`),
  });
  onTestFinished(() => cloud.close());
  const write = () => cloud.table('App/Table').put({ id: '1' });
  return { cloud, lines, write };
}

test('[DOC f40] a third reader of a stream is warned about, and reads all the same', async () => {
  expect((await startReaders(['a', 'b'])).lines).toEqual([]);
  const { cloud, lines, write } = await startReaders(['a', 'b', 'c']);
  expect(lines).toEqual([
    expect.stringMatching(
      /^emulator: 3 functions read \S+ \(a, b, c\): AWS throttles more than 2 readers of a shard$/,
    ),
  ]);
  await write();
  await cloud.settled();
  const invoked = cloud.lambda.invocations().map((invocation) => invocation.function);
  expect(invoked.toSorted()).toEqual(['a', 'b', 'c']);
  expect((await startReaders(['a', 'b', 'c'], false)).lines).toEqual([]);
});

test('[REC f44] a second mapping of the same stream and function is refused', async () => {
  const { cloud, lines, write } = await startReaders(['a', 'a']);
  expect(lines).toEqual([
    'a: App/Mapping1: ResourceConflictException: App/Mapping0 maps the same stream to the same function',
  ]);
  await write();
  await cloud.settled();
  expect(cloud.lambda.invocations()).toHaveLength(1);
});
