import { randomUUID } from 'node:crypto';

import type { Clock } from '../clock.ts';
import type { Principal } from '../iam/principal.ts';
import { authorize } from '../iam/authorize.ts';
import type { Log } from '../log.ts';
import type { EventInvokeResource, FunctionResource } from '../model.ts';
import type { SendToQueue } from '../sqs/queues.ts';
import type { AsyncEvent, EndedEvent } from './async-invocations.ts';
import { deadLetterAttributes, destinationRecord } from './destination-record.ts';
import { functionName } from './function-name.ts';

/**
 * Where asynchronous events go when they have ended: a record of each to the destination for its end,
 * and those that were given up to their function's dead-letter queue, too. All of it with the rights of
 * the function's role; AWS refuses to deploy a function whose role has them not, which is said at the
 * start. What cannot be sent is dropped, as on AWS.
 */
export interface Destinations {
  /** Hands on an event; of one that was given up, the log says where it went. Never rejects. */
  ended(event: EndedEvent): Promise<void>;
}

export interface DestinationsOptions {
  readonly functions: readonly FunctionResource[];
  readonly configOf: (fn: FunctionResource) => EventInvokeResource | undefined;
  readonly principalOf: (fn: FunctionResource) => Principal;
  readonly send: SendToQueue;
  /** Invokes a function asynchronously; false: its queue is full. */
  readonly invoke: (event: AsyncEvent) => boolean;
  readonly clock: Clock;
  readonly log: Log;
}

/** What came of handing on, for people. */
interface HandedOn {
  readonly sent: boolean;
  readonly line: string;
}

export function createDestinations(options: DestinationsOptions): Destinations {
  const { functions, configOf, log } = options;
  for (const fn of functions) checkRights(fn, configOf(fn), options);

  const sendRecord = async (arn: string, ended: EndedEvent) => {
    const record = destinationRecord(ended, options.clock.now());
    const target = functions.find((fn) => isFunction(arn) && fn.name === functionName(arn));
    const cause = causeOf(ended);
    if (target === undefined) return options.send(arn, JSON.stringify(record), { cause });
    const sent = options.invoke({ requestId: randomUUID(), fn: target, event: record, cause });
    if (!sent) throw new Error('too many events wait for it');
  };
  const sendDeadLetter = (arn: string, ended: EndedEvent) =>
    options.send(arn, JSON.stringify(ended.event) ?? 'null', {
      attributes: deadLetterAttributes(ended),
      cause: causeOf(ended),
    });
  const handOn = async (
    what: string,
    arn: string,
    ended: EndedEvent,
    send: typeof sendRecord,
  ): Promise<HandedOn> => {
    try {
      demand(options.principalOf(ended.fn), arn);
      await send(arn, ended);
      return { sent: true, line: `${what} went to ${arn}` };
    } catch (error) {
      const why = error instanceof Error ? error.message : 'failed';
      return { sent: false, line: `${what} was not sent to ${arn}: ${why}` };
    }
  };

  return {
    async ended(ended) {
      const { fn, condition, requestId, invokeCount } = ended;
      const { onSuccessArn, onFailureArn } = configOf(fn) ?? {};
      const well = condition === 'Success';
      const recordTo = well ? onSuccessArn : onFailureArn;
      const letterTo = well ? undefined : fn.deadLetterArn;
      const came = await Promise.all([
        ...(recordTo === undefined ? [] : [handOn('its record', recordTo, ended, sendRecord)]),
        ...(letterTo === undefined ? [] : [handOn('the event', letterTo, ended, sendDeadLetter)]),
      ]);
      if (well) {
        for (const { sent, line } of came) if (!sent) log(fn.name, `${requestId} ${line}`);
        return;
      }
      const where = came.map(({ line }) => line).join(', ') || 'the event was dropped';
      const why = `${condition} after ${invokeCount} invocation(s)`;
      log(fn.name, `${requestId} given up: ${why}; ${where}`);
    },
  };
}

/** Nothing caused what nothing inside the cloud sent, but its function. */
const causeOf = ({ fn, cause = { function: fn.path } }: EndedEvent) => cause;

const isFunction = (arn: string) => arn.split(':')[2] === 'lambda';

const actionOn = (arn: string) => (isFunction(arn) ? 'lambda:InvokeFunction' : 'sqs:SendMessage');

function demand(principal: Principal, arn: string): void {
  const verdict = authorize(principal, actionOn(arn), arn);
  if (!verdict.allowed) throw new Error(`${verdict.message}; missing: ${verdict.hint}`);
}

/** Says of each destination that AWS would refuse, in its words. */
function checkRights(
  fn: FunctionResource,
  { onSuccessArn, onFailureArn }: Partial<EventInvokeResource> = {},
  { principalOf, log }: DestinationsOptions,
): void {
  const refuse = (arn: string | undefined, words: string) => {
    if (arn === undefined) return;
    const verdict = authorize(principalOf(fn), actionOn(arn), arn);
    if (verdict.allowed) return;
    log('emulator', `${fn.path}: ${words}. ${verdict.message}; missing: ${verdict.hint}`);
  };
  for (const arn of new Set([onSuccessArn, onFailureArn])) {
    const call = actionOn(arn ?? '').split(':')[1] ?? '';
    refuse(
      arn,
      `The function's execution role does not have permissions to call ${call} on ${arn}`,
    );
  }
  const onQueue =
    'The provided execution role does not have permissions to call SendMessage on SQS';
  refuse(fn.deadLetterArn, onQueue);
}
