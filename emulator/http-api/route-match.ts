import type { HttpRoute } from '../model.ts';

/**
 * Finds the route of a request, the most specific first as AWS documents it: a route whose path
 * matches in full, then one that ends in a greedy variable (`{proxy+}`), then `$default`. Pure.
 *
 * Among several a fixed segment beats a variable, from left to right, a longer path before `{proxy+}`
 * beats a shorter one, and of routes with the same path a named method beats `ANY`. Variables
 * stand for at least one character, and a slash at the end counts.
 */
export interface RouteMatch {
  readonly route: HttpRoute;
  /** Decoded, by the names in the route's path. */
  readonly pathParameters: Readonly<Record<string, string>>;
}

export type FindRoute = (method: string, path: string) => RouteMatch | undefined;

interface Pattern {
  readonly route: HttpRoute;
  readonly method: string;
  readonly segments: readonly Segment[];
  /** Compares as text: the smaller goes first. */
  readonly rank: string;
}

interface Segment {
  readonly kind: 'fixed' | 'variable' | 'greedy';
  /** The text of a fixed one, the name of a variable. */
  readonly text: string;
}

export function createRouter(routes: readonly HttpRoute[]): FindRoute {
  const fallback = routes.find(({ routeKey }) => routeKey === '$default');
  const patterns = routes
    .filter((route) => route !== fallback)
    .map(readPattern)
    .toSorted((a, b) => (a.rank < b.rank ? -1 : 1));
  return (method, path) => {
    const parts = path.split('/').slice(1);
    for (const { route, method: wanted, segments } of patterns) {
      const pathParameters =
        wanted === 'ANY' || wanted === method ? match(segments, parts) : undefined;
      if (pathParameters !== undefined) return { route, pathParameters };
    }
    return fallback && { route: fallback, pathParameters: {} };
  };
}

function readPattern(route: HttpRoute): Pattern {
  const [method = 'ANY', path = ''] = route.routeKey.split(' ');
  const segments = path.split('/').slice(1).map(readSegment);
  const greedy = segments.some(({ kind }) => kind === 'greedy');
  const kinds = segments.map(({ kind }) => KIND_RANK[kind]).join('');
  return { route, method, segments, rank: `${greedy ? 1 : 0}${kinds}${method === 'ANY' ? 1 : 0}` };
}

const KIND_RANK = { fixed: '0', variable: '1', greedy: '2' } as const;

function readSegment(segment: string): Segment {
  const [, name, plus] = /^\{([^{}+]+)(\+?)\}$/.exec(segment) ?? [];
  if (name === undefined) return { kind: 'fixed', text: segment };
  return { kind: plus === '+' ? 'greedy' : 'variable', text: name };
}

/** The variables of a path that matches; undefined for one that does not. */
function match(
  segments: readonly Segment[],
  parts: readonly string[],
): Record<string, string> | undefined {
  const greedy = segments.at(-1)?.kind === 'greedy';
  if (greedy ? parts.length < segments.length : parts.length !== segments.length) return undefined;
  const variables: Record<string, string> = {};
  for (const [index, { kind, text }] of segments.entries()) {
    const value = kind === 'greedy' ? parts.slice(index).join('/') : (parts[index] ?? '');
    if (kind === 'fixed' ? value !== text : value === '') return undefined;
    if (kind !== 'fixed') variables[text] = value;
  }
  return variables;
}
