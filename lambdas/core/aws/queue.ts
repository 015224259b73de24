import { createEndpoint, type Endpoint } from './endpoint.ts';

/** Sends to one SQS queue. */
export interface Queue {
  send(body: string): Promise<void>;
}

const SEND_TIMEOUT_MS = 3_000;

export function createQueue(
  url: string,
  endpoint: Endpoint = createEndpoint({ url: new URL(url).origin, service: 'sqs', maxSockets: 4 }),
): Queue {
  return {
    async send(body) {
      const { status } = await endpoint.request({
        method: 'POST',
        path: '/',
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': 'AmazonSQS.SendMessage',
        },
        body: JSON.stringify({ QueueUrl: url, MessageBody: body }),
        timeoutMs: SEND_TIMEOUT_MS,
      });
      if (status !== 200) throw new Error(`The queue answered ${status}`);
    },
  };
}
