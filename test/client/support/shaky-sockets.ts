/** Real sockets over a network that a test makes worse: it cuts, loses, repeats and reorders. */
import { openWebSocket, type OpenSocket } from '../../../client/connection/socket.ts';

export interface ShakySockets {
  readonly openSocket: OpenSocket;
  /** Sockets opened so far. */
  readonly opened: number;
  /** Cuts the connection, as a lost network does. */
  readonly cut: () => void;
  /** Cuts, and from now on no connection comes about, until it is up again: then those that wait do. */
  readonly goDown: () => void;
  readonly goUp: () => void;
  /** What becomes of a text on its way up; `cut` loses it with the connection. */
  up: (text: string) => 'send' | 'cut';
  /** What a text that comes down becomes: itself, others, or nothing. */
  down: (text: string) => readonly string[];
}

const LOST_CODE = 1006;

export function createShakySockets(): ShakySockets {
  let opened = 0;
  let cut = () => {};
  let isDown = false;
  const waiting: (() => void)[] = [];
  const network: ShakySockets = {
    openSocket(url, handlers) {
      opened += 1;
      let isOpen = true;
      const end = (code: number, reason: string) => {
        if (isOpen) handlers.close(code, reason);
        isOpen = false;
      };
      const socket = openWebSocket(url, {
        open() {
          waiting.push(() => isOpen && handlers.open());
          if (!isDown) network.goUp();
        },
        message(text) {
          for (const one of network.down(text)) if (isOpen) handlers.message(one);
        },
        close: end,
      });
      const lose = () => {
        end(LOST_CODE, '');
        socket.close();
      };
      cut = lose;
      return {
        send(text) {
          if (network.up(text) === 'send') socket.send(text);
          else lose();
        },
        close(code) {
          isOpen = false;
          socket.close(code);
        },
      };
    },
    get opened() {
      return opened;
    },
    cut: () => cut(),
    goDown() {
      isDown = true;
      cut();
    },
    goUp() {
      isDown = false;
      for (const open of waiting.splice(0)) open();
    },
    up: () => 'send',
    down: (text) => [text],
  };
  return network;
}
