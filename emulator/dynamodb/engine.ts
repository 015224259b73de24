/**
 * The DynamoDB engine under a cloud: the embedded one (`dynoxide.ts`), or any other that is given by
 * its URL. Everything else here speaks to it through its HTTP API, so that one is as good as the
 * other; only expiry (`ttl.ts`) asks more of the embedded one.
 */
import { call, createEndpoint, DYNAMODB, type Endpoint } from './client.ts';
import { startDynoxide } from './dynoxide.ts';
import { EngineError } from './engine-error.ts';
import type { Removal } from './stream-table.ts';

export { EngineError } from './engine-error.ts';

export interface Engine extends Endpoint {
  readonly embedded: boolean;
  /**
   * The embedded engine only: until the answer is called, items that are removed after their expiry
   * are shown in the stream as removed by DynamoDB itself.
   */
  markRemovals?(removal: Removal): () => void;
  close(): Promise<void>;
}

export interface EngineOptions {
  /** `embedded`, or a URL. */
  readonly source: string;
  /** Where the embedded engine keeps its data; default: nowhere, it ends with the engine. */
  readonly dataDirectory?: string;
}

/** Throws an `EngineError` when there is no engine to be had. */
export async function startEngine({ source, dataDirectory }: EngineOptions): Promise<Engine> {
  if (source === 'embedded') return startDynoxide(dataDirectory);
  if (!/^https?:$/.test(URL.parse(source)?.protocol ?? '')) {
    throw new EngineError(`--dynamodb takes "embedded" or a URL, not ${JSON.stringify(source)}`);
  }
  const endpoint = createEndpoint(source);
  const problem = await findProblem(endpoint);
  if (problem === undefined) {
    return { ...endpoint, embedded: false, close: async () => endpoint.agent.destroy() };
  }
  endpoint.agent.destroy();
  throw new EngineError(`No DynamoDB answers at ${source}: ${problem}`);
}

async function findProblem(endpoint: Endpoint): Promise<string | undefined> {
  try {
    const { status } = await call(endpoint, `${DYNAMODB}ListTables`, { Limit: 1 });
    return status === 200 ? undefined : `status ${status}`;
  } catch (error) {
    if (error instanceof SyntaxError) return 'what it says is not JSON';
    // Of a host with several addresses, all of which failed, Node gives no message but a code.
    const { code, message } = error as NodeJS.ErrnoException;
    return code ?? message;
  }
}
