/**
 * The front of SQS: which operation a request names, on which queue, and whether IAM lets it. A queue
 * is known by the path of its URL, `/ACCOUNT/NAME`, whatever the host.
 */
import type { Principal } from '../iam/principal.ts';
import { authorize } from '../iam/authorize.ts';
import type { Log } from '../log.ts';
import type { Cause } from '../meter/cause.ts';
import type { Service } from '../service.ts';
import { accessDenied, answer, errorResponse, invalidParameter } from './errors.ts';
import { queueDoesNotExist, unknownOperation } from './errors.ts';
import { optionalText, readInput, Refusal, text, wholeNumber, type Input } from './input.ts';
import { OPERATIONS, type QueueContext } from './operations.ts';

export interface QueueServiceOptions {
  /** By name. */
  readonly queues: ReadonlyMap<string, QueueContext>;
  readonly account: string;
  readonly region: string;
  base(): string;
  /** Gets the hint to a grant that is missing. */
  readonly log?: Log | undefined;
  /** Counts an answered request: the queue's name, `*` when it was about none, and its bytes. */
  count(queue: string, bytes: number, cause?: Cause): void;
}

const MAX_LISTED = 1000;
const TARGET = 'AmazonSQS.';

export function createQueueService(options: QueueServiceOptions): Service {
  return async ({ headers, body, principal }) => {
    const target = headers['x-amz-target'] ?? '';
    const operation = target.startsWith(TARGET) ? target.slice(TARGET.length) : target;
    const input = readInput(body);
    if (input === undefined) return errorResponse(invalidParameter('The body must be JSON.'));
    try {
      const output = await run(operation, input, principal, options);
      const response = answer(output);
      const { name } = queueOf(optionalText(input, 'QueueUrl') ?? '/*');
      const bytes = Math.max(body.length, Buffer.byteLength(response.body));
      options.count(name, bytes, principal.kind === 'role' ? principal.cause : undefined);
      return response;
    } catch (error) {
      if (error instanceof Refusal) return errorResponse(error.error);
      throw error;
    }
  };
}

async function run(
  operation: string,
  input: Input,
  principal: Principal,
  options: QueueServiceOptions,
): Promise<object> {
  if (operation === 'GetQueueUrl') return getQueueUrl(input, principal, options);
  if (operation === 'ListQueues') return listQueues(input, principal, options);
  const known = OPERATIONS.get(operation);
  if (known === undefined) throw new Refusal(unknownOperation(operation));
  const { owner, name } = queueOf(text(input, 'QueueUrl'));
  judge(principal, known.grant, { ...options, account: owner }, name);
  return known.run(input, find(name, owner, options));
}

function getQueueUrl(input: Input, principal: Principal, options: QueueServiceOptions): object {
  const name = text(input, 'QueueName');
  const owner = optionalText(input, 'QueueOwnerAWSAccountId') ?? options.account;
  judge(principal, 'GetQueueUrl', { ...options, account: owner }, name);
  find(name, owner, options);
  return { QueueUrl: urlOf(name, options) };
}

function listQueues(input: Input, principal: Principal, options: QueueServiceOptions): object {
  judge(principal, 'ListQueues', options, '*');
  const prefix = optionalText(input, 'QueueNamePrefix') ?? '';
  const most = wholeNumber(input, 'MaxResults', [1, MAX_LISTED], MAX_LISTED);
  const names = [...options.queues.keys()].filter((name) => name.startsWith(prefix));
  const listed = names.slice(0, most).map((name) => urlOf(name, options));
  return listed.length > 0 ? { QueueUrls: listed } : {};
}

function judge(
  principal: Principal,
  grant: string,
  { region, account, log }: QueueServiceOptions,
  queue: string,
): void {
  const verdict = authorize(principal, `sqs:${grant}`, `arn:aws:sqs:${region}:${account}:${queue}`);
  if (verdict.allowed) return;
  const who = principal.kind === 'role' ? principal.functionName : 'sqs';
  log?.(who, `${verdict.message}; missing: ${verdict.hint}`);
  throw new Refusal(accessDenied(verdict.message));
}

function find(name: string, owner: string, options: QueueServiceOptions): QueueContext {
  const queue = owner === options.account ? options.queues.get(name) : undefined;
  if (queue === undefined) throw new Refusal(queueDoesNotExist());
  return queue;
}

function urlOf(name: string, options: QueueServiceOptions): string {
  return `${options.base()}/${options.account}/${name}`;
}

/** The last two segments of a queue's URL. */
function queueOf(url: string): { readonly owner: string; readonly name: string } {
  const [owner = '', name = ''] = url.split('/').slice(-2);
  return { owner, name };
}
