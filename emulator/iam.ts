import type { Principal } from './credentials.ts';
import type { PolicyStatement, Role } from './model.ts';

/**
 * IAM: what the policies of a function's role say to one call. An explicit Deny wins, else any Allow,
 * else the call is refused, in AWS's own words and with the CDK grant that would allow it.
 *
 * Copied: wildcards, NotAction, NotResource, the condition operators below with `IfExists`,
 * `ForAllValues:` and `ForAnyValue:`, and the managed policies listed here. Not copied: resource
 * policies, permission boundaries and policy variables. A statement whose condition operator is
 * unknown allows nothing and, being a Deny, denies: the refusal is seen here and not on AWS.
 */

/** What IAM says to one call; `hint` names the missing grant in CDK's words. */
export type Verdict =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly message: string; readonly hint: string };

/** What is known of a call beside its action and resource: condition key, then its values. */
type Context = Readonly<Record<string, readonly string[]>>;

/** Judges one call: may `principal` do `action` (`service:Operation`) on the resource of this ARN? */
export function authorize(
  principal: Principal,
  action: string,
  resource: string,
  context: Context = {},
): Verdict {
  if (principal.kind === 'administrator') return { allowed: true };
  const { role, functionName } = principal;
  const covering = role.statements.filter((statement) => covers(statement, action, resource));
  const applies = (effect: PolicyStatement['effect'], ifUnknown: boolean) =>
    covering.some((it) => it.effect === effect && (holds(it, context) ?? ifUnknown));

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

/**
 * Does the text match a pattern in which `*` stands for any characters, colons and slashes too, and
 * `?` for exactly one? Case counts.
 */
export function matchesPattern(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  // Where to come back to when the last star must swallow one character more.
  let star = -1;
  let starText = 0;
  while (t < text.length) {
    if (pattern[p] === '*') {
      star = p++;
      starText = t;
    } else if (pattern[p] === '?' || pattern[p] === text[t]) {
      p += 1;
      t += 1;
    } else if (star >= 0) {
      p = star + 1;
      t = ++starText;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p += 1;
  return p === pattern.length;
}

function covers(statement: PolicyStatement, action: string, resource: string): boolean {
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

/** All conditions hold, or some do not, or (undefined) it hangs on an operator not known here. */
function holds(statement: PolicyStatement, context: Context): boolean | undefined {
  const valuesOf = new Map(
    Object.entries(context).map(([key, values]) => [key.toLowerCase(), values]),
  );
  const results = Object.entries(statement.conditions).flatMap(([operator, byKey]) =>
    Object.entries(byKey).map(([key, patterns]) =>
      conditionHolds(operator, patterns, valuesOf.get(key.toLowerCase())),
    ),
  );
  if (results.includes(false)) return false;
  return results.includes(undefined) ? undefined : true;
}

type Comparison = (pattern: string, value: string) => boolean;

const equals: Comparison = (pattern, value) => pattern === value;
const equalsIgnoringCase: Comparison = (pattern, value) =>
  pattern.toLowerCase() === value.toLowerCase();

/** The positive operators; each negative one is the same comparison turned round. */
const comparisons: ReadonlyMap<string, Comparison> = new Map([
  ['StringEquals', equals],
  ['StringEqualsIgnoreCase', equalsIgnoringCase],
  ['StringLike', matchesPattern],
  ['ArnEquals', matchesPattern],
  ['ArnLike', matchesPattern],
  ['Bool', equalsIgnoringCase],
]);

const operatorForm = /^(?:(ForAllValues|ForAnyValue):)?(String|Arn|Bool)(Not)?(\w*?)(IfExists)?$/;

function conditionHolds(
  operator: string,
  patterns: readonly string[],
  values: readonly string[] | undefined,
): boolean | undefined {
  const [, set, kind, not, rest, ifExists] = operatorForm.exec(operator) ?? [];
  const compare = comparisons.get(`${kind}${rest}`);
  if (compare === undefined) return undefined;
  const passes = (value: string) =>
    patterns.some((pattern) => compare(pattern, value)) === (not === undefined);
  if (values === undefined || values.length === 0) {
    // A key the call does not carry: AWS lets negations and ForAllValues hold, nothing else.
    return (
      ifExists !== undefined || set === 'ForAllValues' || (set === undefined && not !== undefined)
    );
  }
  if (set === 'ForAnyValue') return values.some(passes);
  return set === 'ForAllValues' || not !== undefined ? values.every(passes) : values.some(passes);
}

/** AWS's managed policies, as far as they concern what is emulated; the rest grant nothing here. */
const managedPolicies: ReadonlyMap<string, readonly string[]> = new Map([
  ['AdministratorAccess', ['*']],
  ['AmazonDynamoDBFullAccess', ['dynamodb:*']],
  ['AmazonSQSFullAccess', ['sqs:*']],
  ['AmazonAPIGatewayInvokeFullAccess', ['execute-api:*']],
  ['AWSLambdaRole', ['lambda:InvokeFunction']],
]);

function managedPolicyAllows(role: Role, action: string): boolean {
  return role.managedPolicies
    .flatMap((arn) => managedPolicies.get(arn.slice(arn.lastIndexOf('/') + 1)) ?? [])
    .some((pattern) => matchesPattern(pattern.toLowerCase(), action.toLowerCase()));
}

/** The CDK expression that would allow the call; `fn` is the function that made it. */
function missingGrant(action: string, resource: string): string {
  const [service] = action.split(':');
  if (action === 'execute-api:ManageConnections') return 'stage.grantManagementApiAccess(fn)';
  if (action === 'lambda:InvokeFunction') return 'invoked.grantInvoke(fn)';
  if (action === 'events:PutEvents') return 'bus.grantPutEventsTo(fn)';
  if (action === 'sqs:SendMessage') return 'queue.grantSendMessages(fn)';
  if (service === 'sqs') return `queue.grant(fn, '${action}')`;
  if (service === 'dynamodb' && resource.includes('/stream/')) return 'table.grantStreamRead(fn)';
  if (service === 'dynamodb') return `table.grant(fn, '${action}')`;
  return `fn.addToRolePolicy(new PolicyStatement({ actions: ['${action}'], resources: ['${resource}'] }))`;
}
