import * as v from 'valibot';

import type { PolicyStatement } from '../../model.ts';
import { oneOrMany, text } from './properties.ts';
import { resourceType } from './resource-type.ts';

/**
 * The resources that give rights to roles: `AWS::IAM::Policy`, `AWS::IAM::RolePolicy` and
 * `AWS::IAM::ManagedPolicy`. Users and groups they may be attached to do not exist here.
 */
const MAX_POLICY_NAME = 128;

/** Characters of the ids that IAM draws. */
const ID_LENGTH = 21;

const texts = oneOrMany(text);

/** A policy document as templates have it: one or many statements, actions, resources, values. */
export const policyDocument = v.object({
  Statement: oneOrMany(
    v.object({
      Effect: v.picklist(['Allow', 'Deny']),
      Action: texts,
      NotAction: texts,
      Resource: texts,
      NotResource: texts,
      Condition: v.optional(v.record(v.string(), v.record(v.string(), texts)), {}),
    }),
  ),
});

export type PolicyDocument = v.InferOutput<typeof policyDocument>;

/** The statements of a document, every value a list. */
export function readStatements({ Statement }: PolicyDocument): PolicyStatement[] {
  return Statement.map((statement) => ({
    effect: statement.Effect,
    actions: statement.Action,
    notActions: statement.NotAction,
    resources: statement.Resource,
    notResources: statement.NotResource,
    conditions: statement.Condition,
  }));
}

export const policy = resourceType({
  type: 'AWS::IAM::Policy',
  properties: v.object({ PolicyDocument: policyDocument, Roles: texts }),
  identify: ({ id }) => ({ ref: id(ID_LENGTH), attributes: { Id: id(ID_LENGTH) } }),
});

export const rolePolicy = resourceType({
  type: 'AWS::IAM::RolePolicy',
  properties: v.object({ PolicyDocument: policyDocument, RoleName: text }),
  identify: ({ id }) => ({ ref: id(ID_LENGTH) }),
});

export const managedPolicy = resourceType({
  type: 'AWS::IAM::ManagedPolicy',
  properties: v.object({ PolicyDocument: policyDocument, Roles: texts }),
  name: { property: 'ManagedPolicyName', limit: MAX_POLICY_NAME },
  identify({ name, environment: { partition, account } }) {
    const arn = `arn:${partition}:iam::${account}:policy/${name}`;
    return { ref: arn, attributes: { PolicyArn: arn } };
  },
});
