/**
 * Turns the addresses that AWS would give into those of the emulator, in any text: the environment of
 * a function, an output. Code that passes such an address to a client as its `endpoint` cannot be
 * redirected by `AWS_ENDPOINT_URL_*`, so the address itself must be right.
 */
export interface Endpoints {
  /** The address of each API by its id, e.g. `http://127.0.0.1:4510`. */
  readonly apis: Readonly<Record<string, string>>;
  /** The address of all other services. */
  readonly base: string;
}

const API_ADDRESS =
  /\b(https|wss):\/\/([a-z0-9]+)\.execute-api\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?(?![\w.-])/g;

const QUEUE_ADDRESS = /\bhttps:\/\/sqs\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?(\/\d{12}\/[\w.-]+)/g;

/**
 * `wss://<apiId>.execute-api.<region>.amazonaws.com/<stage>` becomes `ws://127.0.0.1:4510/<stage>`
 * (with `https`: `http`), and the URL of a queue a path under `base`. APIs that are not among
 * `apis` stay where they are.
 */
export function rewriteEndpoints(text: string, { apis, base }: Endpoints): string {
  return text
    .replaceAll(API_ADDRESS, (address: string, scheme: string, apiId: string) => {
      const own = Object.hasOwn(apis, apiId) ? apis[apiId] : undefined;
      if (own === undefined) return address;
      return scheme === 'wss' ? own.replace(/^http/, 'ws') : own;
    })
    .replaceAll(QUEUE_ADDRESS, (_address: string, path: string) => base.replace(/\/$/, '') + path);
}
