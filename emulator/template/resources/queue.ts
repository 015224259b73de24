import * as v from 'valibot';

import { arnIn } from '../environment.ts';
import type { QueueResource } from '../../model.ts';
import { flag, number } from './properties.ts';
import { notRun, resourceType } from './resource-type.ts';
import type { Cloud, ResolvedResource } from './resource-type.ts';

/** Characters; the `.fifo` of a FIFO queue counts. */
const MAX_QUEUE_NAME = 80;

const properties = v.object({
  VisibilityTimeout: v.optional(number),
  DelaySeconds: v.optional(number),
  ReceiveMessageWaitTimeSeconds: v.optional(number),
  MessageRetentionPeriod: v.optional(number),
  MaximumMessageSize: v.optional(number),
  RedrivePolicy: v.optional(v.unknown()),
  FifoQueue: v.optional(flag, false),
});

type Declared = ResolvedResource<v.InferOutput<typeof properties>>;

/** `AWS::SQS::Queue`. What of it is not run is named; the queue itself is there. */
export const queue = resourceType({
  type: 'AWS::SQS::Queue',
  properties,
  name: {
    property: 'QueueName',
    limit: MAX_QUEUE_NAME,
    suffix: ({ FifoQueue }) => (FifoQueue === true || FifoQueue === 'true' ? '.fifo' : ''),
  },
  identify({ name, environment }) {
    const { account, region, urlSuffix } = environment;
    const url = `https://sqs.${region}.${urlSuffix}/${account}/${name}`;
    return {
      ref: url,
      attributes: { Arn: arnIn(environment, 'sqs', name), QueueName: name, QueueUrl: url },
    };
  },
  read: (resource) => ({
    queues: [readQueue(resource)],
    unsupported: unrunIn(resource).flatMap((reason) => notRun(resource, reason).unsupported ?? []),
  }),
});

function readQueue({
  logicalId,
  path,
  identity,
  environment,
  properties,
}: Declared): QueueResource {
  return {
    logicalId,
    path,
    name: identity.name,
    arn: arnIn(environment, 'sqs', identity.name),
    url: identity.ref,
    ...readSettings(properties),
  };
}

function unrunIn({ properties: { RedrivePolicy, FifoQueue } }: Declared): string[] {
  return [
    ...(RedrivePolicy === undefined ? [] : ['what fails too often stays in it: it has no redrive']),
    ...(FifoQueue ? ['it is run as a standard queue'] : []),
  ];
}

function readSettings(declared: Declared['properties']): Pick<QueueResource, 'settings'> {
  const settings = Object.entries({
    visibilitySeconds: declared.VisibilityTimeout,
    delaySeconds: declared.DelaySeconds,
    waitSeconds: declared.ReceiveMessageWaitTimeSeconds,
    retentionSeconds: declared.MessageRetentionPeriod,
    messageBytes: declared.MaximumMessageSize,
  }).filter(([, value]) => value !== undefined);
  return settings.length === 0 ? {} : { settings: Object.fromEntries(settings) };
}

/** What keeps Lambda from sending to a destination, or dead-letter queue; undefined when nothing does. */
export function obstacleToQueue(arn: string, cloud: Cloud): string | undefined {
  const known = cloud.all(queue).some(({ identity }) => identity.attribute('Arn') === arn);
  if (!known) return 'it is not a queue here';
  return arn.endsWith('.fifo') ? 'Lambda sends to no FIFO queue' : undefined;
}
