/**
 * The network between a page and the chat, to be cut: a plain TCP forwarder. What is cut is cut as a lost
 * network does it, without a word; what comes while it is cut is refused.
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface Network {
  /** The same URL, through this network. */
  readonly url: string;
  cut(): void;
  restore(): void;
  close(): Promise<void>;
}

/** What somebody may want to hear of a network. */
export interface NetworkListener {
  /** A connection comes through. */
  connected?(): void;
  /** One that came through has ended, from whichever side; not if it was cut. */
  ended?(): void;
}

/** `url` is that of a WebSocket on this machine. */
export async function startNetwork(url: string, heard: NetworkListener = {}): Promise<Network> {
  const { hostname, port, pathname } = new URL(url);
  const sockets = new Set<Socket>();
  let whole = true;

  const server = createServer((near) => {
    if (!whole) {
      near.destroy();
      return;
    }
    const far = connect(Number(port), hostname);
    heard.connected?.();
    far.on('close', () => whole && heard.ended?.());
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    whole = false;
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}${pathname}`,
    cut,
    restore: () => {
      whole = true;
    },
    async close() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
