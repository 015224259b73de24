import { type CallContext, conditionsHold } from './conditions.ts';
import { missingGrant } from './missing-grant.ts';
import { matchesPattern } from './pattern.ts';
import type { Principal } from './principal.ts';
import type { Verdict } from './verdict.ts';
import type { PolicyStatement, Role } from '../model.ts';

/**
 * IAM: what the policies of a function's role say to one call. An explicit Deny wins, else any Allow,
 * else the call is refused, in AWS's own words and with the CDK grant that would allow it.
 *
 * Copied: wildcards, NotAction, NotResource, conditions as far as `conditions.ts` knows them, and
 * the managed policies listed here. Not copied: resource policies and permission boundaries. A
 * statement whose condition has no answer here allows nothing and, being a Deny, denies: the refusal is
 * seen here and not on AWS.
 */

/** Judges one call: may `principal` do `action` (`service:Operation`) on the resource of this ARN? */
export function authorize(
  principal: Principal,
  action: string,
  resource: string,
  context: CallContext = {},
): Verdict {
  if (principal.kind === 'administrator') return { allowed: true };
  const whole = { ...contextOf(principal.role), ...context };
  const verdict = judge(principal, action, resource, whole);
  return principal.oversee?.({ action, resource }, verdict) ?? verdict;
}

function judge(
  { role, functionName }: Principal & { readonly kind: 'role' },
  action: string,
  resource: string,
  context: CallContext,
): Verdict {
  const covering = role.statements.filter((statement) => covers(statement, action, resource));
  const applies = (effect: PolicyStatement['effect'], ifUnknown: boolean) =>
    covering.some((it) => it.effect === effect && (conditionsHold(it, context) ?? ifUnknown));

  const [, partition, , , account] = role.arn.split(':');
  const user = `arn:${partition}:sts::${account}:assumed-role/${role.name}/${functionName}`;
  const refusal = `User: ${user} is not authorized to perform: ${action} on resource: ${resource}`;
  if (applies('Deny', true)) {
    return {
      allowed: false,
      message: `${refusal} with an explicit deny in an identity-based policy`,
      hint: `a Deny statement of role ${role.name} covers it, which no grant can undo`,
    };
  }
  if (applies('Allow', false) || managedPolicyAllows(role, action)) return { allowed: true };
  return {
    allowed: false,
    message: `${refusal} because no identity-based policy allows the ${action} action`,
    hint: missingGrant(action, resource),
  };
}

/** Does a statement cover a call, its conditions apart? */
export function covers(statement: PolicyStatement, action: string, resource: string): boolean {
  const { actions, notActions, resources, notResources } = statement;
  return (
    within(actions, notActions, (pattern) =>
      matchesPattern(pattern.toLowerCase(), action.toLowerCase()),
    ) && within(resources, notResources, (pattern) => matchesPattern(pattern, resource))
  );
}

/** An element (Action, Resource) or its negation (NotAction, NotResource), whichever is there. */
function within(
  patterns: readonly string[],
  except: readonly string[],
  matches: (pattern: string) => boolean,
): boolean {
  return except.length > 0 ? !except.some(matches) : patterns.some(matches);
}

/** What every call of a function carries. Sockets are plain here, but the SDK's on AWS are not. */
function contextOf({ arn }: Role): CallContext {
  return {
    'aws:PrincipalAccount': [arn.split(':')[4] ?? ''],
    'aws:PrincipalArn': [arn],
    'aws:PrincipalType': ['AssumedRole'],
    'aws:SecureTransport': ['true'],
    'aws:ViaAWSService': ['false'],
  };
}

/** AWS's managed policies, as far as they concern what is emulated; the rest grant nothing here. */
const managedPolicies: ReadonlyMap<string, readonly string[]> = new Map([
  ['AdministratorAccess', ['*']],
  ['AmazonDynamoDBFullAccess', ['dynamodb:*']],
  ['AmazonSQSFullAccess', ['sqs:*']],
  ['AmazonAPIGatewayInvokeFullAccess', ['execute-api:*']],
  ['AWSLambdaBasicExecutionRole', ['logs:CreateLogGroup', ...logWrites()]],
  [
    'AWSLambdaDynamoDBExecutionRole',
    [
      'dynamodb:DescribeStream',
      'dynamodb:GetRecords',
      'dynamodb:GetShardIterator',
      'dynamodb:ListStreams',
      ...logWrites(),
    ],
  ],
  [
    'AWSLambdaSQSQueueExecutionRole',
    ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', ...logWrites()],
  ],
  ['AWSLambdaRole', ['lambda:InvokeFunction']],
]);

function logWrites(): readonly string[] {
  return ['logs:CreateLogStream', 'logs:PutLogEvents'];
}

function managedPolicyAllows(role: Role, action: string): boolean {
  return role.managedPolicies
    .flatMap((arn) => managedPolicies.get(arn.slice(arn.lastIndexOf('/') + 1)) ?? [])
    .some((pattern) => matchesPattern(pattern.toLowerCase(), action.toLowerCase()));
}
