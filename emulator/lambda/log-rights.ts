import { authorize } from '../iam/authorize.ts';
import type { Principal } from '../iam/principal.ts';
import type { Log } from '../log.ts';
import type { FunctionResource } from '../model.ts';
import { logGroupOf } from './environment.ts';

/**
 * May a function write its log? AWS asks when a sandbox begins one, and of one that may not it keeps
 * nothing, without a word. Here the lines are shown all the same, after one that says so.
 */
export function checkLogRights(
  fn: FunctionResource,
  principal: Principal,
  logStream: string,
  log: Log,
): void {
  // Functions that run by themselves, outside of a cloud, have nobody who watches over their rights.
  if (principal.kind === 'administrator' || principal.oversee === undefined) return;
  const [, partition, , region, account] = fn.arn.split(':');
  const group = `arn:${partition}:logs:${region}:${account}:log-group:${logGroupOf(fn)}`;
  for (const action of ['logs:CreateLogStream', 'logs:PutLogEvents']) {
    const verdict = authorize(principal, action, `${group}:log-stream:${logStream}`);
    if (verdict.allowed) continue;
    log(fn.name, `its log is lost on AWS: ${verdict.message}; missing: ${verdict.hint}`);
  }
}
