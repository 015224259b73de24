import type { InvocationEnd, LambdaFaults } from '../lambda/faults.ts';
import { deathBy } from '../lambda/sandbox-death.ts';
import type { FunctionResource } from '../model.ts';
import type { Service, ServiceRequest } from '../service.ts';
import type { Place } from './catalogue.ts';
import type { FaultSource } from './faults.ts';
import type { RuleAt } from './rule.ts';
import type { Occurrence } from './trigger.ts';

/**
 * What goes wrong with functions: no concurrency, a cold start, a clock that is off, and a sandbox that
 * dies before, in the midst of or after its work, by a crash, its time-out or for want of memory. A
 * time-out strikes at once; nobody waits for its seconds.
 */
export interface InvocationFaults extends LambdaFaults {
  /** The service, whose calls are counted for sandboxes that are to die of one. */
  counted(service: Service, name: ServiceName): Service;
}

type ServiceName = 'dynamodb' | 'sqs' | 'lambda' | 'connections';

/** A sandbox that dies of a call. */
interface Armed {
  readonly service: ServiceName | undefined;
  callsLeft: number;
  strike(): Promise<unknown>;
}

const HOW = {
  'function-crash': 'crash',
  'function-timeout': 'time-out',
  'function-out-of-memory': 'out-of-memory',
} as const;

export function createInvocationFaults(faults: FaultSource): InvocationFaults {
  /** By the access key that each sandbox has of its own. */
  const armed = new Map<string, Armed>();
  const take = <At extends Place>(place: At, fn: FunctionResource) =>
    faults.any(place) ? faults.take(place, occurrenceOf(fn)) : undefined;

  return {
    next(fn) {
      if (!faults.any('invocation')) return undefined;
      const decided = faults.decide('invocation', occurrenceOf(fn));
      if (decided === undefined) return undefined;
      const { rule, happened } = decided;
      if (rule.fault !== 'function-throttled') return endOf(fn, rule, happened, armed);
      happened();
      return 'throttled';
    },
    startsCold: (fn) => take('cold-start', fn) !== undefined,
    skewMs: (fn) => take('sandbox', fn)?.ms ?? 0,
    counted: (service, name) => async (request) => {
      const answer = await service(request);
      if (armed.size > 0) await strikeIfDue(armed, name, request);
      return answer;
    },
  };
}

function endOf(
  fn: FunctionResource,
  { fault, moment, calls, service }: Exclude<RuleAt<'invocation'>, { fault: 'function-throttled' }>,
  happened: () => void,
  armed: Map<string, Armed>,
): InvocationEnd {
  return {
    death: (requestId) => deathBy(HOW[fault], requestId, fn),
    moment,
    happened,
    arm(accessKeyId, strike) {
      armed.set(accessKeyId, { service, callsLeft: calls, strike });
      return () => void armed.delete(accessKeyId);
    },
  };
}

const occurrenceOf = (fn: FunctionResource): Occurrence => ({
  resources: [fn.path, fn.name],
  operation: 'invoke',
});

/** The call has taken effect; its caller may not live to hear so. */
async function strikeIfDue(
  armed: Map<string, Armed>,
  name: ServiceName,
  { headers }: ServiceRequest,
): Promise<void> {
  const [, accessKeyId = ''] = /Credential=([^/]+)/.exec(headers['authorization'] ?? '') ?? [];
  const one = armed.get(accessKeyId);
  if (one === undefined || (one.service !== undefined && one.service !== name)) return;
  one.callsLeft -= 1;
  if (one.callsLeft > 0) return;
  armed.delete(accessKeyId);
  await one.strike();
}
