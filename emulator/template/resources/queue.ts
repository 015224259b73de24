import * as v from 'valibot';

import { arnIn } from '../environment.ts';
import type { QueueResource } from '../../model.ts';
import { number } from './properties.ts';
import { resourceType } from './resource-type.ts';
import type { Cloud } from './resource-type.ts';

/** Characters; the `.fifo` of a FIFO queue counts. */
const MAX_QUEUE_NAME = 80;

const properties = v.object({
  VisibilityTimeout: v.optional(number),
  DelaySeconds: v.optional(number),
  ReceiveMessageWaitTimeSeconds: v.optional(number),
  MessageRetentionPeriod: v.optional(number),
  MaximumMessageSize: v.optional(number),
});

/** `AWS::SQS::Queue`. Redrive policies are not copied. */
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
  read: ({ logicalId, path, identity, environment, properties }) => ({
    queues: [
      {
        logicalId,
        path,
        name: identity.name,
        arn: arnIn(environment, 'sqs', identity.name),
        url: identity.ref,
        ...readSettings(properties),
      },
    ],
  }),
});

function readSettings(declared: v.InferOutput<typeof properties>): Pick<QueueResource, 'settings'> {
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
