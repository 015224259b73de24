import type { Clock } from '../clock.ts';
import { tablesOf } from '../dynamodb/table-names.ts';
import {
  type Service,
  serviceError,
  type ServiceRequest,
  type ServiceResponse,
} from '../service.ts';
import type { FaultSource } from './faults.ts';
import { type ItemCall, readItemCall } from './item-call.ts';
import { pause } from './pause.ts';
import type { ResourceNames } from './resources.ts';
import type { RuleAt } from './rule.ts';
import type { StaleReads } from './stale-reads.ts';
import type { Occurrence } from './trigger.ts';
import { answerConflict } from './transaction-conflict.ts';
import { answerPartly } from './unprocessed.ts';

/**
 * What goes wrong with DynamoDB: throttled, failed before the write or after it (the answer is lost),
 * a batch half done, a transaction in conflict, an eventually consistent read that is behind, a slow
 * call. What is answered in DynamoDB's place has passed no other check.
 */
export interface ItemCallOptions {
  readonly faults: FaultSource;
  readonly names: ResourceNames;
  readonly clock: Clock;
  readonly staleReads: StaleReads;
}

export function withItemCallFaults(service: Service, options: ItemCallOptions): Service {
  const { faults, clock, staleReads } = options;
  return async (request) => {
    if (!faults.any('item-call', 'item-call-delay', 'read')) return service(request);
    const call = readItemCall(request);
    if (call === undefined) return service(request);
    const occurrence = occurrenceOf(call, request, options.names);
    const slow = faults.take('item-call-delay', occurrence);
    if (slow !== undefined) await pause(clock, slow.ms);
    const rule = faults.take('item-call', occurrence);
    if (rule !== undefined) return answerFaultily(rule, call, request, service);
    if (!faults.any('read')) return service(request);
    return staleReads.pass(call, request, service, (could) =>
      faults.take('read', occurrence, could),
    );
  };
}

function occurrenceOf(
  { operation, input }: ItemCall,
  { principal }: ServiceRequest,
  names: ResourceNames,
): Occurrence {
  return {
    resources: tablesOf(input).flatMap((name) => names.table(name)),
    operation,
    functions: principal.kind === 'role' ? names.function(principal.functionName) : [],
  };
}

async function answerFaultily(
  rule: RuleAt<'item-call'>,
  call: ItemCall,
  request: ServiceRequest,
  service: Service,
): Promise<ServiceResponse> {
  switch (rule.fault) {
    case 'dynamodb-throttled':
      return serviceError(400, rule.error, 'The level of configured throughput was exceeded');
    case 'dynamodb-failed':
      if (rule.applied) await service(request);
      return serviceError(500, 'InternalServerError', 'Internal server error');
    case 'dynamodb-conflict':
      return answerConflict(call);
    case 'dynamodb-unprocessed':
      return answerPartly(call, request, service);
    default:
      return rule satisfies never;
  }
}
