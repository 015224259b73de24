/**
 * What can be asked of one queue, by AWS's names. Each operation takes the fields of the request and
 * answers with those of the response, or throws a `Refusal`.
 */
import type { QueueSettings } from '../model.ts';
import { entriesOf, eachEntry } from './batch-entries.ts';
import {
  batchError,
  invalidParameter,
  messageNotInflight,
  receiptHandleIsInvalid,
} from './errors.ts';
import { Refusal, text, texts, wholeNumber, type Input } from './input.ts';
import { chooseAttributes, md5OfAttributes, readAttributes } from './message-attributes.ts';
import { sizeOfAttributes } from './message-attributes.ts';
import { md5, type Queue, type Received } from './queue.ts';
import { QUEUE_DEFAULTS } from './settings.ts';

/** Of all messages of a batch, whatever a queue allows a single one. */
const MAX_BATCH_BYTES = QUEUE_DEFAULTS.messageBytes;
const MAX_RECEIVED = 10;
const MAX_WAIT_SECONDS = 20;
const MAX_DELAY_SECONDS = 900;
const MAX_VISIBILITY_SECONDS = 43_200;

export interface QueueContext {
  readonly arn: string;
  /** When the cloud was started, in epoch milliseconds. */
  readonly createdAt: number;
  readonly now: () => number;
  readonly queue: Queue;
  readonly settings: QueueSettings;
}

export type Operation = (input: Input, context: QueueContext) => object | Promise<object>;

/** By name; `grant` is the action that IAM knows it by. */
export const OPERATIONS: ReadonlyMap<string, { readonly grant: string; readonly run: Operation }> =
  new Map([
    ['SendMessage', { grant: 'SendMessage', run: sendMessage }],
    ['SendMessageBatch', { grant: 'SendMessage', run: sendMessageBatch }],
    ['ReceiveMessage', { grant: 'ReceiveMessage', run: receiveMessage }],
    ['DeleteMessage', { grant: 'DeleteMessage', run: deleteMessage }],
    ['DeleteMessageBatch', { grant: 'DeleteMessage', run: eachEntry(deleteMessage) }],
    ['ChangeMessageVisibility', { grant: 'ChangeMessageVisibility', run: changeVisibility }],
    [
      'ChangeMessageVisibilityBatch',
      { grant: 'ChangeMessageVisibility', run: eachEntry(changeVisibility) },
    ],
    ['GetQueueAttributes', { grant: 'GetQueueAttributes', run: getQueueAttributes }],
    ['PurgeQueue', { grant: 'PurgeQueue', run: purgeQueue }],
  ]);

function sendMessage(input: Input, { queue, settings }: QueueContext): object {
  const body = text(input, 'MessageBody');
  const attributes = readAttributes(input);
  if (Buffer.byteLength(body) + sizeOfAttributes(attributes) > settings.messageBytes) {
    const reason = `Reason: Message must be shorter than ${settings.messageBytes} bytes.`;
    throw new Refusal(invalidParameter(`One or more parameters are invalid. ${reason}`));
  }
  const delay = wholeNumber(input, 'DelaySeconds', [0, MAX_DELAY_SECONDS], settings.delaySeconds);
  const { messageId } = queue.send(body, delay, attributes);
  return {
    MessageId: messageId,
    MD5OfMessageBody: md5(body),
    ...(Object.keys(attributes).length > 0 && {
      MD5OfMessageAttributes: md5OfAttributes(attributes),
    }),
  };
}

function sendMessageBatch(input: Input, context: QueueContext): object {
  const bytes = entriesOf(input).reduce((sum, entry) => {
    const body = entry['MessageBody'];
    return sum + (typeof body === 'string' ? Buffer.byteLength(body) : 0);
  }, 0);
  if (bytes > MAX_BATCH_BYTES) {
    const limit = `Batch requests cannot be longer than ${MAX_BATCH_BYTES} bytes.`;
    throw new Refusal(batchError('BatchRequestTooLong', `${limit} You have sent ${bytes} bytes.`));
  }
  return eachEntry(sendMessage)(input, context);
}

async function receiveMessage(input: Input, { queue, settings }: QueueContext): Promise<object> {
  const most = wholeNumber(input, 'MaxNumberOfMessages', [1, MAX_RECEIVED], 1);
  const visibility = visibilityOf(input, settings.visibilitySeconds);
  const wait = wholeNumber(input, 'WaitTimeSeconds', [0, MAX_WAIT_SECONDS], settings.waitSeconds);
  const received = await queue.receive(most, visibility, wait);
  return received.length > 0
    ? { Messages: received.map((message) => describeMessage(message, input)) }
    : {};
}

function describeMessage(message: Received, input: Input): object {
  const attributes = chooseAttributes(message.attributes, texts(input, 'MessageAttributeNames'));
  const system = chooseByName(
    {
      SentTimestamp: String(message.sentAt),
      ApproximateReceiveCount: String(message.receiveCount),
      ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
    },
    [...texts(input, 'MessageSystemAttributeNames'), ...texts(input, 'AttributeNames')],
  );
  return {
    MessageId: message.messageId,
    ReceiptHandle: message.receiptHandle,
    MD5OfBody: md5(message.body),
    Body: message.body,
    ...(Object.keys(system).length > 0 && { Attributes: system }),
    ...(Object.keys(attributes).length > 0 && {
      MessageAttributes: attributes,
      MD5OfMessageAttributes: md5OfAttributes(attributes),
    }),
  };
}

function deleteMessage(input: Input, { queue }: QueueContext): object {
  const handle = text(input, 'ReceiptHandle');
  if (!queue.delete(handle)) throw new Refusal(receiptHandleIsInvalid(handle));
  return {};
}

function changeVisibility(input: Input, { queue }: QueueContext): object {
  const handle = text(input, 'ReceiptHandle');
  const result = queue.changeVisibility(handle, visibilityOf(input));
  if (result === 'invalid') throw new Refusal(receiptHandleIsInvalid(handle));
  if (result === 'not in flight') throw new Refusal(messageNotInflight());
  return {};
}

function visibilityOf(input: Input, byDefault?: number): number {
  return wholeNumber(input, 'VisibilityTimeout', [0, MAX_VISIBILITY_SECONDS], byDefault);
}

function getQueueAttributes(input: Input, context: QueueContext): object {
  const { queue, settings, arn, createdAt, now } = context;
  const all = queue.messages();
  const visible = all.filter(({ visibleAt }) => visibleAt <= now());
  const delayed = all.filter(({ receiveCount }) => receiveCount === 0).length;
  const delayedOnly = delayed - visible.filter(({ receiveCount }) => receiveCount === 0).length;
  const attributes = {
    QueueArn: arn,
    ApproximateNumberOfMessages: visible.length,
    ApproximateNumberOfMessagesNotVisible: all.length - visible.length - delayedOnly,
    ApproximateNumberOfMessagesDelayed: delayedOnly,
    CreatedTimestamp: Math.floor(createdAt / 1000),
    LastModifiedTimestamp: Math.floor(createdAt / 1000),
    VisibilityTimeout: settings.visibilitySeconds,
    MaximumMessageSize: settings.messageBytes,
    MessageRetentionPeriod: settings.retentionSeconds,
    DelaySeconds: settings.delaySeconds,
    ReceiveMessageWaitTimeSeconds: settings.waitSeconds,
  };
  const named = Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, String(value)]),
  );
  return { Attributes: chooseByName(named, texts(input, 'AttributeNames')) };
}

function purgeQueue(_input: Input, { queue }: QueueContext): object {
  queue.purge();
  return {};
}

function chooseByName(
  values: Readonly<Record<string, string>>,
  names: readonly string[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(values).filter(([name]) => names.includes('All') || names.includes(name)),
  );
}
