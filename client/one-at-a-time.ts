/** Does one thing after the other; what is asked for again while it is under way is done once. */
export interface OneAtATime<Result> {
  readonly busy: boolean;
  run(name: string, work: () => Promise<Result>): Promise<Result>;
}

/** Calls back when `busy` may have changed. */
export function createOneAtATime<Result>(changed: () => void): OneAtATime<Result> {
  let last: { readonly name: string; readonly done: Promise<Result> } | undefined;
  return {
    get busy() {
      return last !== undefined;
    },
    run(name, work) {
      if (last?.name === name) return last.done;
      const before: Promise<unknown> = last?.done ?? Promise.resolve();
      const done = before.then(work, work).finally(() => {
        if (last?.done !== done) return;
        last = undefined;
        changed();
      });
      last = { name, done };
      changed();
      return done;
    },
  };
}
