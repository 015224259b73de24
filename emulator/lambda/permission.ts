import { matchesPattern } from '../iam/pattern.ts';
import type { Invoker } from '../invocation.ts';
import type { Log } from '../log.ts';
import type { FunctionResource, Permission } from '../model.ts';
import { functionName } from './function-name.ts';

/** A service that wants to invoke a function. */
export interface Caller {
  readonly service: string;
  readonly sourceArn: string;
}

/**
 * The resource policy of a function: may this service invoke it from this source? Each
 * `AWS::Lambda::Permission` is one Allow; there are no Denies. CDK's source ARNs are patterns such as
 * `arn:aws:execute-api:R:A:API/*$connect`, in which the star stands for the stage and its slash.
 */
export function permits(
  permissions: readonly Permission[],
  fn: FunctionResource,
  caller: Caller,
): boolean {
  return permissions.some(
    (permission) =>
      functionName(permission.functionArn) === fn.name &&
      matchesPattern(permission.action.toLowerCase(), 'lambda:invokefunction') &&
      permission.principal === caller.service &&
      (permission.sourceArn === undefined ||
        matchesPattern(permission.sourceArn, caller.sourceArn)),
  );
}

/** The CDK expression that would let a service in; the integrations of API Gateway have it in them. */
export function missingPermission(caller: Caller): string {
  const principal = `new ServicePrincipal('${caller.service}')`;
  return `fn.addPermission('Invoke', { principal: ${principal}, sourceArn: '${caller.sourceArn}' })`;
}

/** Whether a service lacks the permission to invoke a function; the log then says which. */
export function createDenial(
  { admits, log }: { readonly admits: Admits; readonly log: Log },
  fnOf: (functionArn: string) => FunctionResource | undefined,
): (functionArn: string, invoker: Invoker) => boolean {
  return (functionArn, invoker) => {
    const fn = fnOf(functionArn);
    if (fn === undefined || invoker.kind !== 'service' || admits(fn, invoker)) return false;
    const from = `${invoker.service} invoke it from ${invoker.sourceArn}`;
    const missing = `missing: ${missingPermission(invoker)}`;
    log('emulator', `${fn.path}: no AWS::Lambda::Permission lets ${from}; ${missing}`);
    return true;
  };
}

/** May a service invoke a function? */
export type Admits = (fn: FunctionResource, caller: Caller) => boolean;
