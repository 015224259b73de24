/** No engine: it is not installed, did not start or does not answer. `message` is one line for people. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
}
