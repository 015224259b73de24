/**
 * How Lambda tells of a function's failure, to its invoker and in the log: the error's name, its
 * message and its stack, line by line.
 */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** A failure that Lambda's runtime itself finds; the type begins with `Runtime.`. */
export class RuntimeError extends Error {
  constructor(type: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = type;
  }
}

/** Whatever was thrown, in Lambda's shape: what is no Error has its type's name and no trace. */
export function describeError(thrown: unknown): FunctionError {
  if (!(thrown instanceof Error)) {
    return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  }
  // A function may have put anything into these.
  const { name, message, stack } = thrown as { name: unknown; message: unknown; stack?: unknown };
  return {
    errorType: String(name),
    errorMessage: String(message),
    trace: typeof stack === 'string' ? stack.split('\n') : [],
  };
}
