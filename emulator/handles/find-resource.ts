/**
 * Finds what a test speaks of: by its name, by its path in the construct tree (with or without the
 * last `/Resource`), or by the end of that path, if only one ends so.
 */
export function findResource<Found extends { readonly name: string; readonly path: string }>(
  kind: string,
  resources: readonly Found[],
  called: string,
): Found {
  const exact = resources.find(
    ({ name, path }) => name === called || construct(path) === construct(called),
  );
  if (exact !== undefined) return exact;
  const end = `/${construct(called)}`;
  const ending = resources.filter(({ path }) => construct(path).endsWith(end));
  const [one] = ending;
  if (one !== undefined && ending.length === 1) return one;
  const there = (ending.length > 1 ? ending : resources).map(({ path }) => construct(path));
  const many = ending.length > 1 ? `more than one ${kind}` : `no ${kind}`;
  throw new Error(`There is ${many} ${called}; there is ${there.join(', ') || 'none at all'}`);
}

const construct = (path: string) => path.replace(/\/Resource$/, '');
