import { expect, test } from 'vitest';

import { createEndpoint } from '../../../../lambdas/core/aws/endpoint.ts';
import { createQueue } from '../../../../lambdas/core/aws/queue.ts';
import { type Answer, serve } from './http-server.ts';

async function queueOf(answer: Answer) {
  const { url, received } = await serve(answer);
  const credentials = { accessKeyId: 'AKID', secretAccessKey: 'secret' };
  const endpoint = createEndpoint({ url, service: 'sqs', maxSockets: 1, credentials });
  return { queue: createQueue(`${url}/123456789012/dead`, endpoint), url, received };
}

test('sends a message to the queue of its URL', async () => {
  const { queue, url, received } = await queueOf({ status: 200, body: {} });
  await queue.send('set aside');
  expect(received).toMatchObject([
    { path: '/', headers: { 'x-amz-target': 'AmazonSQS.SendMessage' } },
  ]);
  expect(JSON.parse(received[0]?.body ?? '')).toEqual({
    QueueUrl: `${url}/123456789012/dead`,
    MessageBody: 'set aside',
  });
});

test('throws when the queue does not take it, saying nothing of the message', async () => {
  const { queue } = await queueOf({ status: 403, body: { message: 'set aside' } });
  await expect(queue.send('set aside')).rejects.toThrow(/^The queue answered 403$/);
});
