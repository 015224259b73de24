/**
 * The queues of a cloud, and the part of SQS's JSON protocol that programs use: send, receive (long
 * polls too), delete, change visibility, their batches, look at and empty a queue. Calls are judged by
 * IAM as `sqs:<Action>` on the queue's ARN.
 *
 * Not here: creating and deleting queues (the template does), FIFO, redrive, queue policies,
 * the query protocol of old SDKs, and the minute that AWS wants between two purges.
 */
import type { Clock } from '../clock.ts';
import type { Cause } from '../meter/cause.ts';
import type { Meter } from '../meter/meter.ts';
import type { QueueResource } from '../model.ts';
import type { Service } from '../service.ts';
import { sizeOfAttributes } from './message-attributes.ts';
import type { QueueContext } from './operations.ts';
import { createQueue, type MessageAttributes, type QueuedMessage } from './queue.ts';
import { createQueueService, type QueueServiceOptions } from './service.ts';
import { QUEUE_DEFAULTS } from './settings.ts';

export interface QueuesOptions extends Pick<
  QueueServiceOptions,
  'account' | 'region' | 'base' | 'log'
> {
  readonly queues: readonly QueueResource[];
  readonly clock: Clock;
  readonly meter: Meter;
}

/**
 * Sends as AWS itself does (failure records, destinations of Lambda); rejects when there is no such
 * queue or the message is too large. Billed like anybody's.
 */
export type SendToQueue = (
  arn: string,
  body: string,
  more?: {
    readonly attributes?: MessageAttributes;
    /** On whose account the meter puts it. */
    readonly cause?: Cause | undefined;
  },
) => Promise<void>;

export interface Queues {
  readonly service: Service;
  readonly send: SendToQueue;
  /** What is in a queue and not deleted, oldest first; looking hides nothing. */
  messages(nameOrArn: string): readonly QueuedMessage[];
  /** Takes a message out; false: it is not there. */
  remove(nameOrArn: string, messageId: string): boolean;
  /** Ends all long polls. */
  close(): void;
}

/** Every 64 KB of payload is billed as one request. */
const BILLED_BYTES = 65_536;

export function createQueues({ clock, meter, ...options }: QueuesOptions): Queues {
  const createdAt = clock.now();
  const queues = new Map(
    options.queues.map(({ name, arn, settings: own }): [string, QueueContext] => {
      const settings = { ...QUEUE_DEFAULTS, ...own };
      const queue = createQueue(clock, settings);
      return [name, { arn, createdAt, now: () => clock.now(), queue, settings }];
    }),
  );
  const existing = (nameOrArn: string) => {
    const found = queues.get(nameOrArn.split(':').at(-1) ?? nameOrArn);
    if (found === undefined) throw new Error(`there is no queue ${nameOrArn}`);
    return found;
  };
  const paths = new Map(options.queues.map(({ name, path }) => [name, path]));
  const count = (queue: string, bytes: number, cause?: Cause) => {
    const units = Math.max(1, Math.ceil(bytes / BILLED_BYTES));
    meter.add('sqs.requests', paths.get(queue) ?? queue, units, cause);
  };
  return {
    service: createQueueService({ ...options, queues, count }),
    async send(arn, body, { attributes = {}, cause } = {}) {
      const { queue, settings } = existing(arn);
      const bytes = Buffer.byteLength(body) + sizeOfAttributes(attributes);
      if (bytes > settings.messageBytes) throw new Error(`${bytes} bytes are too many for ${arn}`);
      queue.send(body, undefined, attributes);
      count(arn.split(':').at(-1) ?? arn, bytes, cause);
    },
    messages: (nameOrArn) => existing(nameOrArn).queue.messages(),
    remove: (nameOrArn, messageId) => existing(nameOrArn).queue.remove(messageId),
    close() {
      for (const { queue } of queues.values()) queue.close();
    },
  };
}
