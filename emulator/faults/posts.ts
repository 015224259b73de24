import type { Clock } from '../clock.ts';
import { readConnectionPath } from '../gateway/management.ts';
import { type Service, serviceError, type ServiceResponse } from '../service.ts';
import type { FaultSource } from './faults.ts';
import { pause } from './pause.ts';
import type { ResourceNames } from './resources.ts';
import type { RuleAt } from './rule.ts';
import type { SocketFaults } from './sockets.ts';
import type { Occurrence } from './trigger.ts';

/**
 * What goes wrong with posts to `@connections`: an answer that is not true (410, 429, 5xx, with the
 * message delivered or not; 200, and nothing went out), and one that takes its time. A post that is
 * answered in the API's place has passed no other check.
 */
export function withPostFaults(
  service: Service,
  options: {
    readonly api: { readonly path: string; readonly name: string };
    readonly faults: FaultSource;
    readonly sockets: SocketFaults;
    readonly names: ResourceNames;
    readonly clock: Clock;
  },
): Service {
  const { api, faults, sockets, names, clock } = options;
  return async (request) => {
    if (request.method !== 'POST' || !faults.any('post', 'post-delay', 'socket')) {
      return service(request);
    }
    const { connectionId } = readConnectionPath(request.path) ?? {};
    if (connectionId === undefined) return service(request);
    const { principal } = request;
    const occurrence: Occurrence = {
      resources: [api.path, api.name],
      operation: 'post',
      connection: connectionId,
      functions: principal.kind === 'role' ? names.function(principal.functionName) : [],
    };
    const slow = faults.take('post-delay', occurrence);
    if (slow !== undefined) await pause(clock, slow.ms);
    sockets.posting(connectionId);
    const rule = faults.take('post', occurrence);
    if (rule === undefined) return service(request);
    if ('delivered' in rule && rule.delivered) await service(request);
    return answerOf(rule);
  };
}

function answerOf(rule: RuleAt<'post'>): ServiceResponse {
  switch (rule.fault) {
    case 'post-gone':
      return { status: 410, headers: { 'x-amzn-ErrorType': 'GoneException' } };
    case 'post-throttled':
      return serviceError(429, 'LimitExceededException', 'Rate exceeded');
    case 'post-failed':
      return serviceError(rule.status, 'InternalServerException', 'Internal server error');
    case 'post-lost':
      return { status: 200 };
    default:
      return rule satisfies never;
  }
}
