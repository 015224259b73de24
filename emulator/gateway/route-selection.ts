/**
 * Finds the key of the route a message asks for (aws.md b.1): the API's route selection expression,
 * evaluated once against the message's text.
 *
 * Understood: `$request.body.<path>`, `${request.body.<path>}` among static text, `\$` for a dollar
 * sign; a path has names and `[index]`. A path that is not there, or is null, gives "". Not copied:
 * filters and wildcards of JSONPath, other variables (they give ""), and the text AWS makes of
 * objects [UNV] ("" here, inside arrays too).
 */
export type RouteSelection = (message: string) => string | undefined;

type Part = { readonly text: string } | { readonly path: readonly string[] };

const PART =
  /\\\$|\$\{(?<braced>[^}]*)\}|\$(?<bare>[A-Za-z][\w-]*(?:\.[\w-]+|\[\d+\])*)|[^\\$]+|[\\$]/g;

/** Reads the expression once; the answer gives undefined for a message that is not JSON. */
export function readRouteSelection(expression: string): RouteSelection {
  const parts = [...expression.matchAll(PART)].map(readPart);
  return (message) => {
    const body = parseJson(message);
    if (body === undefined) return undefined;
    return parts
      .map((part) => ('text' in part ? part.text : stringify(lookUp(body.value, part.path))))
      .join('');
  };
}

function readPart(match: RegExpExecArray): Part {
  const variable = match.groups?.['braced'] ?? match.groups?.['bare'];
  if (variable === undefined) return { text: match[0] === '\\$' ? '$' : match[0] };
  const [source, place, ...path] = variable.replaceAll(/\[(\d+)\]/g, '.$1').split('.');
  return source === 'request' && place === 'body' ? { path } : { text: '' };
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function lookUp(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, name) =>
      typeof found === 'object' && found !== null && Object.hasOwn(found, name)
        ? Reflect.get(found, name)
        : undefined,
    value,
  );
}

/** Arrays read `[item1, item2]`. Never recursive, so that no nesting can exhaust the stack. */
function stringify(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stringifyScalar).join(', ')}]`;
  return stringifyScalar(value);
}

function stringifyScalar(value: unknown): string {
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : '';
}
