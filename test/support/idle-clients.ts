import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';

/**
 * Thousands of clients that connect and then say nothing, in a process of their own: each end of a
 * socket takes a descriptor, and a process has only so many. Plain TCP with the handshake by hand, so
 * that they cost next to nothing. The first `deaf` of them never read again once they are in.
 */
export interface IdleClients {
  /** Resolves when all are open; rejects when one is refused. */
  open(url: string, count: number, deaf?: number): Promise<void>;
  /** How many of them the server has cut or closed. */
  lost(): Promise<number>;
  close(): Promise<void>;
}

/** Descriptors that a process needs besides its sockets. */
const OTHER_DESCRIPTORS = 500;

/** Of so many sockets as many as this machine lets one process have; Node itself raises the soft limit. */
export function socketsWithin(wanted: number): number {
  const limit = Number(execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }));
  return Number.isNaN(limit) ? wanted : Math.min(wanted, limit - OTHER_DESCRIPTORS);
}

type Order =
  | { readonly do: 'open'; readonly url: string; readonly count: number; readonly deaf: number }
  | { readonly do: 'count' };

interface Answer {
  readonly lost: number;
  readonly error?: string;
}

export function startIdleClients(): IdleClients {
  const child = fork(fileURLToPath(import.meta.url), ['clients'], { execArgv: [] });
  const ask = async (order: Order): Promise<number> => {
    const answered = once(child, 'message');
    child.send(order);
    const [{ lost, error }] = (await answered) as [Answer];
    if (error !== undefined) throw new Error(error);
    return lost;
  };
  return {
    async open(url, count, deaf = 0) {
      await ask({ do: 'open', url, count, deaf });
    },
    lost: () => ask({ do: 'count' }),
    async close() {
      const exited = once(child, 'exit');
      child.kill();
      await exited;
    },
  };
}

/** Sockets that open at the same time. */
const AT_ONCE = 64;

function serveOrders(): void {
  let lost = 0;
  const openOne = async (url: URL, deaf: boolean): Promise<void> => {
    const socket = connect(Number(url.port), url.hostname);
    socket.on('error', () => {});
    await shakeHands(socket, url);
    socket.once('close', () => (lost += 1));
    if (deaf) socket.pause();
    else socket.resume();
  };
  const open = async ({ url, count, deaf }: Extract<Order, { do: 'open' }>) => {
    const place = new URL(url);
    for (let from = 0; from < count; from += AT_ONCE) {
      const group = Math.min(AT_ONCE, count - from);
      const opening = Array.from({ length: group }, (_, index) =>
        openOne(place, from + index < deaf),
      );
      await Promise.all(opening);
    }
  };
  process.on('message', (order: Order) => {
    void (order.do === 'open' ? open(order) : Promise.resolve())
      .then(() => process.send?.({ lost }))
      .catch((error: unknown) => process.send?.({ lost, error: String(error) }));
  });
}

async function shakeHands(socket: Socket, { host, pathname }: URL): Promise<void> {
  socket.write(
    `GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
  );
  const [answer] = (await once(socket, 'data')) as [Buffer];
  const [status = ''] = answer.toString().split('\r\n');
  if (!status.includes(' 101 ')) throw new Error(`not let in: ${status}`);
}

if (process.argv[2] === 'clients') serveOrders();
