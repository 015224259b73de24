import { matchesPattern } from '../iam.ts';
import type { FunctionResource, Permission } from '../model.ts';
import { functionName } from './function-name.ts';

/**
 * The resource policy of a function: may this service invoke it from this source? Each
 * `AWS::Lambda::Permission` is one Allow; there are no Denies. CDK's source ARNs are patterns such as
 * `arn:aws:execute-api:R:A:API/*$connect`, in which the star stands for the stage and its slash.
 */
export function permits(
  permissions: readonly Permission[],
  fn: FunctionResource,
  caller: { readonly service: string; readonly sourceArn: string },
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
export function missingPermission(caller: {
  readonly service: string;
  readonly sourceArn: string;
}): string {
  const principal = `new ServicePrincipal('${caller.service}')`;
  return `fn.addPermission('Invoke', { principal: ${principal}, sourceArn: '${caller.sourceArn}' })`;
}
