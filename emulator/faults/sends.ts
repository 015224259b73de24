import { type Service, serviceError } from '../service.ts';
import type { SendToQueue } from '../sqs/queues.ts';
import type { FaultSource } from './faults.ts';
import { readJson } from './item-call.ts';
import type { ResourceNames } from './resources.ts';

/** What goes wrong with sending to queues, by functions and by AWS itself. */
export interface SendFaults {
  /** SQS's API. */
  readonly service: (service: Service) => Service;
  /** AWS's own sends, which it drops when they fail: of failure records, and to destinations. */
  readonly send: (send: SendToQueue) => SendToQueue;
}

const TARGET = 'AmazonSQS.';

export function createSendFaults(faults: FaultSource, names: ResourceNames): SendFaults {
  return {
    service: (service) => async (request) => {
      if (!faults.any('send')) return service(request);
      const url = readJson(request.body)?.['QueueUrl'];
      const { principal } = request;
      const rule = faults.take('send', {
        resources: names.queue(typeof url === 'string' ? (url.split('/').at(-1) ?? '') : ''),
        operation: (request.headers['x-amz-target'] ?? '').slice(TARGET.length),
        functions: principal.kind === 'role' ? names.function(principal.functionName) : [],
      });
      if (rule === undefined) return service(request);
      if (rule.applied) await service(request);
      return serviceError(500, 'InternalFailure', 'The request processing has failed');
    },
    send: (send) => async (queueArn, body, more) => {
      const resources = names.queue(queueArn.split(':').at(-1) ?? queueArn);
      const rule = faults.take('send', { resources, operation: 'SendMessage' });
      if (rule === undefined || rule.applied) await send(queueArn, body, more);
      if (rule !== undefined) throw new Error('The request processing has failed');
    },
  };
}
