/**
 * A standard queue in memory: messages are hidden while somebody works on them, come again when they
 * were not deleted in time, and are gone when they are too old. Oldest first, which AWS does not
 * promise. Not here: FIFO queues, and redrive to another queue.
 */
import { createHash, randomUUID } from 'node:crypto';

import type { Clock } from '../clock.ts';
import type { QueueSettings } from '../model.ts';
import { createLongPolls } from './long-poll.ts';
import { QUEUE_DEFAULTS } from './settings.ts';

export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  /** Base64. */
  readonly BinaryValue?: string;
}

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

export interface QueuedMessage {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  /** Epoch milliseconds. */
  readonly sentAt: number;
  readonly receiveCount: number;
  readonly firstReceivedAt?: number;
  /** From this time on it may be received, in epoch milliseconds. */
  readonly visibleAt: number;
  /** Of its last receipt; older ones delete nothing. */
  readonly receiptHandle?: string;
}

export interface Received extends QueuedMessage {
  readonly receiptHandle: string;
}

export interface Queue {
  /** `delaySeconds`: default the queue's. */
  send(body: string, delaySeconds?: number, attributes?: MessageAttributes): QueuedMessage;
  /**
   * Hides what it answers with for `visibilitySeconds`. With no message there it waits for one, up
   * to `waitSeconds` or until the queue is closed.
   */
  receive(
    most: number,
    visibilitySeconds: number,
    waitSeconds: number,
  ): Promise<readonly Received[]>;
  /** False: no such handle was ever given out. Deleting twice is well. */
  delete(receiptHandle: string): boolean;
  changeVisibility(receiptHandle: string, seconds: number): 'changed' | 'not in flight' | 'invalid';
  purge(): void;
  /** Takes one out, whoever is at work on it; false: it is not there. For people who look after a queue. */
  remove(messageId: string): boolean;
  /** All that are not deleted, oldest first. */
  messages(): readonly QueuedMessage[];
  close(): void;
}

export function createQueue(
  clock: Clock,
  { delaySeconds: delay, retentionSeconds }: QueueSettings = QUEUE_DEFAULTS,
): Queue {
  const messages = new Map<string, QueuedMessage>();
  const polls = createLongPolls(clock);
  let closed = false;

  /** Looking is when the old are found. */
  const kept = () => {
    const oldest = clock.now() - retentionSeconds * 1000;
    for (const { messageId, sentAt } of messages.values()) {
      if (sentAt <= oldest) messages.delete(messageId);
    }
    return [...messages.values()];
  };
  const isVisible = ({ visibleAt }: QueuedMessage) => visibleAt <= clock.now();
  const visible = () => kept().filter(isVisible);
  const mayWait = (until: number) => !closed && clock.now() < until && visible().length === 0;
  const nextVisibleAt = () => Math.min(...[...messages.values()].map(({ visibleAt }) => visibleAt));
  const put = (message: QueuedMessage) => {
    messages.set(message.messageId, message);
    // Also when it is hidden: a poll that waits has an earlier time to wait for now.
    polls.wakeAll();
  };
  return {
    send(body, delaySeconds = delay, attributes = {}) {
      const sentAt = clock.now();
      const message = { messageId: randomUUID(), body, attributes, sentAt, receiveCount: 0 };
      const queued = { ...message, visibleAt: sentAt + delaySeconds * 1000 };
      put(queued);
      return queued;
    },
    async receive(most, visibilitySeconds, waitSeconds) {
      const until = clock.now() + waitSeconds * 1000;
      while (mayWait(until)) {
        await polls.wait(Math.min(until, nextVisibleAt()));
      }
      const received = visible()
        .slice(0, most)
        .map((message) => receipt(message, clock.now(), visibilitySeconds));
      for (const message of received) put(message);
      return received;
    },
    delete(handle) {
      const messageId = messageIdOf(handle);
      if (messageId === undefined) return false;
      if (messages.get(messageId)?.receiptHandle === handle) messages.delete(messageId);
      return true;
    },
    changeVisibility(handle, seconds) {
      const messageId = messageIdOf(handle);
      if (messageId === undefined) return 'invalid';
      const message = messages.get(messageId);
      if (message?.receiptHandle !== handle || isVisible(message)) return 'not in flight';
      put({ ...message, visibleAt: clock.now() + seconds * 1000 });
      return 'changed';
    },
    purge: () => messages.clear(),
    remove: (messageId) => messages.delete(messageId),
    messages: kept,
    close() {
      closed = true;
      polls.wakeAll();
    },
  };
}

function receipt(message: QueuedMessage, nowMs: number, visibilitySeconds: number): Received {
  return {
    firstReceivedAt: nowMs,
    ...message,
    receiveCount: message.receiveCount + 1,
    visibleAt: nowMs + visibilitySeconds * 1000,
    receiptHandle: receiptHandle(message.messageId),
  };
}

/** As SDKs check it. */
export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

/** The message's id is inside, so that a handle is known from a made-up one after its deletion. */
function receiptHandle(messageId: string): string {
  return Buffer.from(`${HANDLE_MARK} ${messageId} ${randomUUID()}`).toString('base64');
}

const HANDLE_MARK = 'receipt';

function messageIdOf(handle: string): string | undefined {
  const [mark, messageId, receipt] = Buffer.from(handle, 'base64').toString().split(' ');
  return mark === HANDLE_MARK && receipt !== undefined ? messageId : undefined;
}
