import type { Gateway } from './gateway/gateway.ts';

/** A WebSocket API that runs: where it is, and what serves it. */
export interface RunningApi {
  readonly id: string;
  readonly name: string;
  /** `ws://127.0.0.1:PORT/STAGE`; the first stage when there are several. */
  readonly websocket: string;
  /** `http://127.0.0.1:PORT/STAGE`: the base of `@connections`. */
  readonly management: string;
  readonly gateway: Gateway;
}
