import { authorize } from '../../iam/authorize.ts';
import type { Permission, UnsupportedResource } from '../../model.ts';
import { arnIn } from '../environment.ts';
import { partsOf } from './api-part.ts';
import { authorizer } from './authorizer.ts';
import { functionOfUri } from './function-arn.ts';
import { integratedFunction, integration } from './integration.ts';
import { notRun } from './resource-type.ts';
import type { Cloud, ResolvedResource } from './resource-type.ts';
import { findRole, roleOf } from './role.ts';

/**
 * An integration or authorizer with a role of its own needs no `AWS::Lambda::Permission`: API Gateway
 * calls the function as that role. Here it is let in as if there were one, provided that the role may
 * invoke the function; a role of another place is taken at its word.
 */
export function permissionsByCredentials(
  api: ResolvedResource<unknown>,
  cloud: Cloud,
): Permission[] {
  const functionArns = callsByRole(api, cloud)
    .filter((call) => mayInvoke(call, cloud))
    .map(({ functionArn }) => functionArn);
  return [...new Set(functionArns)].map((functionArn) => ({
    functionArn,
    action: 'lambda:InvokeFunction',
    principal: 'apigateway.amazonaws.com',
    sourceArn: arnIn(api.environment, 'execute-api', `${api.identity.ref}/*`),
  }));
}

/** Names what has a role that may not invoke its function. */
export function powerlessRoles(
  api: ResolvedResource<unknown>,
  cloud: Cloud,
): UnsupportedResource[] {
  return callsByRole(api, cloud)
    .filter((call) => !mayInvoke(call, cloud))
    .flatMap(({ resource, roleArn, functionArn }) => {
      const reason = `its role ${roleArn} may not invoke ${functionArn}: every call fails`;
      return notRun(resource, reason).unsupported ?? [];
    });
}

interface CallByRole {
  readonly resource: ResolvedResource<unknown>;
  readonly roleArn: string;
  readonly functionArn: string;
}

function callsByRole(
  { identity, environment }: ResolvedResource<unknown>,
  cloud: Cloud,
): CallByRole[] {
  const integrations = partsOf(identity.ref, integration, cloud).map((resource) => ({
    resource,
    roleArn: resource.properties.CredentialsArn,
    functionArn: integratedFunction(resource.properties, environment),
  }));
  const authorizers = partsOf(identity.ref, authorizer, cloud).map((resource) => ({
    resource,
    roleArn: resource.properties.AuthorizerCredentialsArn,
    functionArn: functionOfUri(resource.properties.AuthorizerUri, environment),
  }));
  return [...integrations, ...authorizers].flatMap(({ resource, roleArn, functionArn }) =>
    roleArn === undefined || functionArn === undefined ? [] : [{ resource, roleArn, functionArn }],
  );
}

function mayInvoke({ roleArn, functionArn }: CallByRole, cloud: Cloud): boolean {
  if (findRole(roleArn, cloud) === undefined) return true;
  const role = roleOf(roleArn, cloud);
  const principal = { kind: 'role', role, functionName: 'apigateway' } as const;
  return authorize(principal, 'lambda:InvokeFunction', functionArn).allowed;
}
