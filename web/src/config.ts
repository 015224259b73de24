/**
 * What the page is told about where it runs: `/config.json`, served beside it. Nothing of that is built
 * in, so that one build serves a laptop and a stack alike.
 */

/** Somebody who may sign in without a token at hand; only a local chat has such people. */
export interface DemoPerson {
  readonly user: string;
  readonly token: string;
}

export interface Config {
  /** Of the WebSocket, `wss://…`, or `ws://…` on this machine. */
  readonly url: string;
  readonly people: readonly DemoPerson[];
}

/** The configuration, or undefined when there is none to be read. */
export async function loadConfig(): Promise<Config | undefined> {
  try {
    const response = await fetch('config.json', { cache: 'no-store' });
    return response.ok ? parseConfig(await response.json()) : undefined;
  } catch {
    return undefined;
  }
}

function parseConfig(value: unknown): Config | undefined {
  if (!isRecord(value) || typeof value['url'] !== 'string') return undefined;
  if (!isSocketUrl(value['url'])) return undefined;
  const people = Array.isArray(value['people']) ? (value['people'] as unknown[]) : [];
  return { url: value['url'], people: people.filter(isPerson) };
}

/** Not encrypted only on this machine, as the client library wants it. */
function isSocketUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return protocol === 'wss:' || (protocol === 'ws:' && isLoopback);
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const isPerson = (value: unknown): value is DemoPerson =>
  isRecord(value) && typeof value['user'] === 'string' && typeof value['token'] === 'string';
