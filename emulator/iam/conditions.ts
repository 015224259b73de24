import type { PolicyStatement, Role } from '../model.ts';
import { matchesPattern } from './pattern.ts';

/**
 * The conditions of a policy statement: operator, condition key, values. Copied: the operators on
 * strings, ARNs and booleans, and `Null`, with `IfExists`, `ForAllValues:` and `ForAnyValue:`. Not
 * copied: numbers, dates, addresses, policy variables; a condition of those, or on a key that is not
 * known here, has no answer, and what has none is told when the cloud starts (`unknownConditions`).
 */

/** What is known of a call beside its action and resource: condition key, then its values. */
export type CallContext = Readonly<Record<string, readonly string[]>>;

/** All conditions hold, or some do not, or (undefined) it hangs on one that has no answer here. */
export function conditionsHold(
  { conditions }: PolicyStatement,
  context: CallContext,
): boolean | undefined {
  const valuesOf = new Map(
    Object.entries(context).map(([key, values]) => [key.toLowerCase(), values]),
  );
  const results = Object.entries(conditions).flatMap(([operator, byKey]) =>
    Object.entries(byKey).map(([key, patterns]) =>
      isKnownKey(key)
        ? conditionHolds(operator, patterns, valuesOf.get(key.toLowerCase()))
        : undefined,
    ),
  );
  if (results.includes(false)) return false;
  return results.includes(undefined) ? undefined : true;
}

/** One line for each condition of a role that has no answer here. */
export function unknownConditions({ name, statements }: Role): readonly string[] {
  const consequence = 'its statement allows nothing here, and a Deny denies';
  const lines = statements.flatMap(({ conditions }) =>
    Object.entries(conditions).flatMap(([operator, byKey]) => [
      ...(readOperator(operator) === undefined
        ? [`role ${name}: the condition operator ${operator} is not known: ${consequence}`]
        : []),
      ...Object.keys(byKey)
        .filter((key) => !isKnownKey(key))
        .map((key) => `role ${name}: the condition key ${key} is not known: ${consequence}`),
    ]),
  );
  return [...new Set(lines)];
}

/** Keys that calls carry here, or that a call of a function to a service never carries on AWS. */
const KNOWN_KEYS: ReadonlySet<string> = new Set(
  [
    'aws:PrincipalAccount',
    'aws:PrincipalArn',
    'aws:PrincipalType',
    'aws:SecureTransport',
    'aws:SourceAccount',
    'aws:SourceArn',
    'aws:ViaAWSService',
    'dynamodb:Attributes',
    'dynamodb:EnclosingOperation',
    'dynamodb:FullTableScan',
    'dynamodb:LeadingKeys',
    'dynamodb:ReturnConsumedCapacity',
    'dynamodb:ReturnValues',
    'dynamodb:Select',
  ].map((key) => key.toLowerCase()),
);

const isKnownKey = (key: string) => KNOWN_KEYS.has(key.toLowerCase());

type Comparison = (pattern: string, value: string) => boolean;

const equals: Comparison = (pattern, value) => pattern === value;
const equalsIgnoringCase: Comparison = (pattern, value) =>
  pattern.toLowerCase() === value.toLowerCase();

/** The positive operators; each negative one is the same comparison turned round. */
const COMPARISONS: ReadonlyMap<string, Comparison> = new Map([
  ['StringEquals', equals],
  ['StringEqualsIgnoreCase', equalsIgnoringCase],
  ['StringLike', matchesPattern],
  ['ArnEquals', matchesPattern],
  ['ArnLike', matchesPattern],
  ['Bool', equalsIgnoringCase],
]);

interface Operator {
  readonly compare: Comparison;
  readonly negated: boolean;
  readonly ifExists: boolean;
  readonly set: 'ForAllValues' | 'ForAnyValue' | undefined;
}

const OPERATOR_FORM = /^(?:(ForAllValues|ForAnyValue):)?(String|Arn|Bool)(Not)?(\w*?)(IfExists)?$/;

function readOperator(name: string): Operator | 'Null' | undefined {
  if (name === 'Null') return 'Null';
  const [, set, kind, not, rest, ifExists] = OPERATOR_FORM.exec(name) ?? [];
  const compare = COMPARISONS.get(`${kind}${rest}`);
  return (
    compare && {
      compare,
      negated: not !== undefined,
      ifExists: ifExists !== undefined,
      set: set === 'ForAllValues' || set === 'ForAnyValue' ? set : undefined,
    }
  );
}

function conditionHolds(
  name: string,
  patterns: readonly string[],
  values: readonly string[] = [],
): boolean | undefined {
  const operator = readOperator(name);
  if (operator === undefined) return undefined;
  if (operator === 'Null') return patterns.includes(String(values.length === 0));
  const { compare, negated, ifExists, set } = operator;
  const passes = (value: string) => patterns.some((pattern) => compare(pattern, value)) !== negated;
  if (values.length === 0) {
    // A key the call does not carry: AWS lets negations and ForAllValues hold, nothing else.
    return ifExists || set === 'ForAllValues' || (set === undefined && negated);
  }
  if (set === 'ForAnyValue') return values.some(passes);
  return set === 'ForAllValues' || negated ? values.every(passes) : values.some(passes);
}
