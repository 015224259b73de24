import * as v from 'valibot';

import type { Role } from '../../model.ts';
import { managedPolicy, policy, policyDocument, readStatements, rolePolicy } from './policy.ts';
import type { PolicyDocument } from './policy.ts';
import { text } from './properties.ts';
import { resourceType } from './resource-type.ts';
import type { Cloud, ResolvedResource } from './resource-type.ts';

/**
 * `AWS::IAM::Role` with everything that gives it rights. Who may assume it is not looked at, and
 * permissions boundaries do not limit it here.
 */
const MAX_ROLE_NAME = 64;

const properties = v.object({
  Policies: v.optional(v.array(v.object({ PolicyDocument: policyDocument })), []),
  ManagedPolicyArns: v.optional(v.array(text), []),
});

export const role = resourceType({
  type: 'AWS::IAM::Role',
  properties,
  name: { property: 'RoleName', limit: MAX_ROLE_NAME },
  identify: ({ name, environment: { partition, account } }) => ({
    ref: name,
    // IAM is the same in all regions, and its ARNs name none.
    attributes: { Arn: `arn:${partition}:iam::${account}:role/${name}`, RoleId: name },
  }),
});

/** The declared role of this ARN; undefined when no stack of the assembly declares it. */
export function findRole(
  arn: string,
  cloud: Cloud,
): ResolvedResource<v.InferOutput<typeof properties>> | undefined {
  return cloud.all(role).find(({ identity }) => identity.attribute('Arn') === arn);
}

/** The role of this ARN with all its rights; a role of another place has those given to it here. */
export function roleOf(arn: string, cloud: Cloud): Role {
  const name = arn.slice(arn.lastIndexOf('/') + 1);
  const declared = findRole(arn, cloud)?.properties;
  const attached = new Set(declared?.ManagedPolicyArns);
  const managed = cloud
    .all(managedPolicy)
    .filter(
      ({ identity, properties: { Roles } }) => attached.has(identity.ref) || Roles.includes(name),
    );
  const documents = [
    ...(declared?.Policies ?? []),
    ...policiesOf(name, cloud),
    ...managed.map(({ properties }) => properties),
  ].map(({ PolicyDocument }) => PolicyDocument);
  const declaredHere = new Set(managed.map(({ identity }) => identity.ref));
  return {
    arn,
    name,
    statements: documents.flatMap(readStatements),
    managedPolicies: [...attached].filter((policyArn) => !declaredHere.has(policyArn)),
  };
}

/** The policies that name the role, instead of being named by it. */
function policiesOf(roleName: string, cloud: Cloud): { readonly PolicyDocument: PolicyDocument }[] {
  const shared = cloud.all(policy).map(({ properties }) => properties);
  const own = cloud.all(rolePolicy).map(({ properties }) => properties);
  return [
    ...shared.filter(({ Roles }) => Roles.includes(roleName)),
    ...own.filter(({ RoleName }) => RoleName === roleName),
  ];
}
