/**
 * Filter patterns of an event source mapping: JSON that has the shape of a record, whose leaves are
 * lists of which one must match. A record passes a pattern when every leaf does.
 *
 * As on AWS: attributes are matched below their type key (`{"S": ["x"]}`), numbers of DynamoDB are
 * texts, so `numeric` never matches an `N`, and `exists` asks for a leaf, so that
 * `{"NewImage": {"key": [{"exists": false}]}}` passes whether or not the item has the key.
 *
 * Operators: a literal (text, number, boolean, null), `anything-but`, `numeric`, `exists`, `prefix`.
 * Not here, and refused by name: `suffix`, `equals-ignore-case`, `wildcard`, `cidr`, `$or`, and
 * `anything-but` with an operator inside.
 */
export interface Pattern {
  readonly [key: string]: Pattern | readonly Matcher[];
}

/** Whether one value passes; undefined stands for "no leaf here". */
type Matcher = (value: Leaf | undefined) => boolean;
type Leaf = string | number | boolean | null;

export type ParsedPattern = { readonly pattern: Pattern } | { readonly error: string };

/** Reads a pattern; the error says where it is wrong, after AWS's own words. */
export function parsePattern(text: string): ParsedPattern {
  try {
    const value: unknown = JSON.parse(text);
    if (!isObject(value)) throw new PatternError('it must be a JSON object');
    return { pattern: parseObject(value, []) };
  } catch (error) {
    if (error instanceof PatternError) return invalid(error.message);
    if (error instanceof SyntaxError) return invalid('it is not JSON');
    throw error;
  }
}

/** Does the record pass? Takes any object, records among them. */
export function matches(pattern: Pattern, record: object): boolean {
  return matchesAt(pattern, record);
}

class PatternError extends Error {}

const invalid = (reason: string) => ({ error: `Invalid filter pattern definition: ${reason}.` });

function parseObject(value: Record<string, unknown>, path: readonly string[]): Pattern {
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const at = [...path, key];
      if (key.startsWith('$')) throw new PatternError(`${at.join('.')}: ${key} is not supported`);
      if (isObject(inner)) return [key, parseObject(inner, at)];
      if (!Array.isArray(inner) || inner.length === 0) {
        throw new PatternError(`${at.join('.')} must be an object or a list with an entry`);
      }
      return [key, inner.map((condition) => parseCondition(condition, at.join('.')))];
    }),
  );
}

function parseCondition(condition: unknown, at: string): Matcher {
  if (isLeaf(condition)) return (value) => value === condition;
  const [operator, operand] = isObject(condition) ? (Object.entries(condition)[0] ?? []) : [];
  switch (operator) {
    case 'anything-but':
      return parseAnythingBut(operand, at);
    case 'numeric':
      return parseNumeric(operand, at);
    case 'exists':
      if (typeof operand !== 'boolean') throw new PatternError(`${at}: exists takes true or false`);
      return (value) => (value !== undefined) === operand;
    case 'prefix':
      if (typeof operand !== 'string') throw new PatternError(`${at}: prefix takes a text`);
      return (value) => typeof value === 'string' && value.startsWith(operand);
    case undefined:
      throw new PatternError(`${at}: a condition must be a value or an operator`);
    default:
      throw new PatternError(`${at}: the operator ${operator} is not supported`);
  }
}

function parseAnythingBut(operand: unknown, at: string): Matcher {
  const refused: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
  if (!refused.every((value) => typeof value === 'string' || typeof value === 'number')) {
    throw new PatternError(`${at}: anything-but takes texts or numbers`);
  }
  return (value) => value !== undefined && !refused.some((one) => one === value);
}

type Comparison = (value: number, bound: number) => boolean;

const COMPARISONS: ReadonlyMap<unknown, Comparison> = new Map([
  ['=', (value, bound) => value === bound],
  ['<', (value, bound) => value < bound],
  ['<=', (value, bound) => value <= bound],
  ['>', (value, bound) => value > bound],
  ['>=', (value, bound) => value >= bound],
] satisfies [string, Comparison][]);

function parseNumeric(operand: unknown, at: string): Matcher {
  const wrong = () => new PatternError(`${at}: numeric takes pairs like ">", 0, "<=", 5`);
  const words: readonly unknown[] = Array.isArray(operand) ? operand : [];
  if (words.length === 0 || words.length % 2 !== 0) throw wrong();
  const checks = words.flatMap((word, index) => {
    if (index % 2 !== 0) return [];
    const holds = COMPARISONS.get(word);
    const bound = words[index + 1];
    if (holds === undefined || typeof bound !== 'number') throw wrong();
    return [(value: number) => holds(value, bound)];
  });
  return (value) => typeof value === 'number' && checks.every((check) => check(value));
}

/** A missing key is walked into like an empty one, so that `exists: false` holds below it. */
function matchesAt(pattern: Pattern, value: unknown): boolean {
  if (Array.isArray(value)) return value.some((element) => matchesAt(pattern, element));
  return Object.entries(pattern).every(([key, inner]) => {
    const child = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
    if (!isConditions(inner)) return matchesAt(inner, child);
    const leaves = leavesOf(child);
    return inner.some((passes) => leaves.some(passes));
  });
}

/** What a list of conditions sees: the leaf, each leaf of a list, or that there is none. */
function leavesOf(value: unknown): readonly (Leaf | undefined)[] {
  const leaves = (Array.isArray(value) ? value : [value]).filter(isLeaf);
  return leaves.length > 0 ? leaves : [undefined];
}

function isConditions(inner: Pattern | readonly Matcher[]): inner is readonly Matcher[] {
  return Array.isArray(inner);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isLeaf(value: unknown): value is Leaf {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
