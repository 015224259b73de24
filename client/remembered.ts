/** Makes one result of one object, so that who compares by identity sees a change only where there is one. */
export function remembered<Key extends object, More extends readonly unknown[], Result>(
  make: (key: Key, ...more: More) => Result,
): (key: Key, ...more: More) => Result {
  const made = new WeakMap<Key, { readonly more: More; readonly result: Result }>();
  return (key, ...more) => {
    const before = made.get(key);
    if (before?.more.every((one, index) => one === more[index]) === true) return before.result;
    const result = make(key, ...more);
    made.set(key, { more, result });
    return result;
  };
}
