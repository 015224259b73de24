import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { expect, test } from 'vitest';

import { modelOf, modelOfTemplate } from '../../../support/templates.ts';

// The rights of a function, wherever its role got them from.

const allow = (action: string) => new iam.PolicyStatement({ actions: [action], resources: ['*'] });

function roleOf(build: (stack: Stack, role: iam.Role) => void, props: Partial<iam.RoleProps> = {}) {
  const model = modelOf((app) => {
    const stack = new Stack(app, 'Chat');
    const role = new iam.Role(stack, 'Role', {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      ...props,
    });
    new lambda.Function(stack, 'Fn', {
      role,
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: lambda.Code.fromInline('exports.handler = async () => {}'),
    });
    build(stack, role);
  });
  expect(model.unsupported).toEqual([]);
  return model.functions[0]?.role;
}

const actionsOf = (role: ReturnType<typeof roleOf>) =>
  role?.statements.flatMap(({ actions }) => actions);

test('inline policies count', () => {
  const inlinePolicies = { own: new iam.PolicyDocument({ statements: [allow('s3:GetObject')] }) };
  expect(actionsOf(roleOf(() => {}, { inlinePolicies }))).toEqual(['s3:GetObject']);
});

test('policies that name the role count', () => {
  const role = roleOf((stack, role) => {
    role.addToPolicy(allow('sqs:SendMessage'));
    new iam.Policy(stack, 'Shared', { roles: [role], statements: [allow('sqs:GetQueueUrl')] });
    new iam.CfnRolePolicy(stack, 'Own', {
      roleName: role.roleName,
      policyName: 'own',
      policyDocument: { Statement: { Effect: 'Deny', Action: 'sqs:*', Resource: '*' } },
    });
  });
  expect(actionsOf(role)).toEqual(['sqs:SendMessage', 'sqs:GetQueueUrl', 'sqs:*']);
  expect(role?.statements.map(({ effect }) => effect)).toEqual(['Allow', 'Allow', 'Deny']);
});

test('managed policies of the assembly count, attached from either side, once', () => {
  const role = roleOf((stack, role) => {
    const named = new iam.ManagedPolicy(stack, 'Named', { statements: [allow('a:Named')] });
    role.addManagedPolicy(named);
    new iam.ManagedPolicy(stack, 'Naming', { roles: [role], statements: [allow('a:Naming')] });
  });
  expect(actionsOf(role)).toEqual(['a:Named', 'a:Naming']);
  expect(role?.managedPolicies).toEqual([]);
});

test('managed policies of AWS are kept by name', () => {
  const name = 'service-role/AWSLambdaBasicExecutionRole';
  const managedPolicies = [iam.ManagedPolicy.fromAwsManagedPolicyName(name)];
  expect(roleOf(() => {}, { managedPolicies })).toMatchObject({
    statements: [],
    managedPolicies: [`arn:aws:iam::aws:policy/${name}`],
  });
});

test('policies of other roles do not count', () => {
  const role = roleOf((stack) => {
    const assumedBy = new iam.ServicePrincipal('lambda.amazonaws.com');
    new iam.Role(stack, 'Other', { assumedBy }).addToPolicy(allow('s3:*'));
  });
  expect(role?.statements).toEqual([]);
});

test('every value of a statement is a list', () => {
  const { functions } = modelOfTemplate({
    Resources: {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: 'mine',
          Policies: [
            {
              PolicyName: 'p',
              PolicyDocument: {
                Statement: {
                  Effect: 'Deny',
                  NotAction: 'dynamodb:Query',
                  NotResource: ['a', { Ref: 'AWS::Region' }],
                  Condition: {
                    Bool: { 'aws:SecureTransport': false },
                    StringLike: { k: ['x', 'y'] },
                  },
                },
              },
            },
          ],
        },
      },
      Fn: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Code: { ZipFile: 'x' },
          Handler: 'index.handler',
          Runtime: 'nodejs24.x',
          Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        },
      },
    },
  });
  expect(functions[0]?.role).toEqual({
    arn: 'arn:aws:iam::000000000000:role/mine',
    name: 'mine',
    managedPolicies: [],
    statements: [
      {
        effect: 'Deny',
        actions: [],
        notActions: ['dynamodb:Query'],
        resources: [],
        notResources: ['a', 'us-east-1'],
        conditions: { Bool: { 'aws:SecureTransport': ['false'] }, StringLike: { k: ['x', 'y'] } },
      },
    ],
  });
});
