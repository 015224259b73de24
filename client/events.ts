/**
 * Tells listeners what happens. Each is called in a microtask of its own, never from within the call
 * that made it happen: a listener may do anything, and one that throws harms no other.
 */
export interface Events<Map> {
  on<Name extends keyof Map>(name: Name, listener: (event: Map[Name]) => void): () => void;
  emit<Name extends keyof Map>(name: Name, event: Map[Name]): void;
}

export function createEvents<Map>(): Events<Map> {
  const listeners: { [Name in keyof Map]?: Set<(event: Map[Name]) => void> } = {};
  return {
    on(name, listener) {
      // Wrapped, so that the same function may listen twice.
      const entry: typeof listener = (event) => listener(event);
      const those = (listeners[name] ??= new Set());
      those.add(entry);
      return () => those.delete(entry);
    },
    emit(name, event) {
      const those = listeners[name];
      for (const listener of those ?? []) {
        queueMicrotask(() => {
          if (those?.has(listener) === true) listener(event);
        });
      }
    },
  };
}

/** Runs something once in the next microtask, however often it is called until then. */
export function createSoon(run: () => void): () => void {
  let isDue = false;
  return () => {
    if (isDue) return;
    isDue = true;
    queueMicrotask(() => {
      isDue = false;
      run();
    });
  };
}
