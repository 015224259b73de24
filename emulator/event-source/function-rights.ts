import type { Principal } from '../iam/principal.ts';
import { authorize } from '../iam/authorize.ts';
import type { EventSourceMappingResource } from '../model.ts';
import type { MappingOptions } from './mapping.ts';
import type { TableStream } from './stream.ts';

/**
 * A mapping reads the stream and reports what it gave up with the rights of its function's role. AWS
 * refuses to make a mapping whose role cannot read the stream; one that loses its rights later stands
 * still until it has them again.
 */
export function asFunction(
  principal: () => Principal,
  mapping: EventSourceMappingResource,
  stream: TableStream,
  send: MappingOptions['send'],
): Pick<MappingOptions, 'stream' | 'send' | 'refusal'> {
  const demand = (action: string, resource: string) => {
    const verdict = authorize(principal(), action, resource);
    if (!verdict.allowed) throw new Error(`${verdict.message}; missing: ${verdict.hint}`);
  };
  const refusal = creationRefusal(principal(), mapping);
  return {
    ...(refusal === undefined ? {} : { refusal }),
    stream: {
      arn: stream.arn,
      shards: async () => {
        demand('dynamodb:DescribeStream', mapping.streamArn);
        return stream.shards();
      },
      read: async (...where) => {
        demand('dynamodb:GetShardIterator', mapping.streamArn);
        demand('dynamodb:GetRecords', mapping.streamArn);
        return stream.read(...where);
      },
      newest: async (shardId) => stream.newest(shardId),
    },
    send: async (queueArn, body) => {
      demand('sqs:SendMessage', queueArn);
      await send(queueArn, body);
    },
  };
}

const ON_STREAM = ['GetRecords', 'GetShardIterator', 'DescribeStream'];

/** Why AWS would not make the mapping; undefined when it would. */
function creationRefusal(
  principal: Principal,
  { streamArn }: EventSourceMappingResource,
): string | undefined {
  const verdicts = [
    ...ON_STREAM.map((name) => authorize(principal, `dynamodb:${name}`, streamArn)),
    authorize(principal, 'dynamodb:ListStreams', '*'),
  ];
  const refused = verdicts.find((verdict) => !verdict.allowed);
  if (refused === undefined || refused.allowed) return undefined;
  return (
    `Cannot access stream ${streamArn}. Please ensure the role can perform the GetRecords, ` +
    'GetShardIterator, DescribeStream, and ListStreams Actions on your stream in IAM. ' +
    `${refused.message}; missing: ${refused.hint}`
  );
}
