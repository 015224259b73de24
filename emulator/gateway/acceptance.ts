import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

import type { WebSocket } from 'ws';
import { WebSocketServer } from 'ws';

import type { GatewayLimits } from './limits.ts';

/**
 * Turns an admitted socket into a WebSocket: writes API Gateway's 101, with its header case (aws.md
 * c), and hands the bytes to `ws`. No extension is ever negotiated: what AWS answers to a browser's
 * offer of compression is not known [UNV]. The answer is undefined when the client has left
 * meanwhile.
 */
export type Accept = (
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  protocol: string | undefined,
) => WebSocket | undefined;

export function createAcceptance(limits: GatewayLimits): Accept {
  // `closeTimeout` is newer than the published types of `ws`.
  const options = { closeTimeout: limits.closeWaitMs };
  const server = new WebSocketServer({
    ...options,
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.messageBytes,
  });
  return (request, socket, head, protocol) => {
    const rewrite = (lines: string[]) => {
      lines.splice(0, lines.length, ...switchingProtocols(lines, protocol));
    };
    let accepted: WebSocket | undefined;
    // Left in, `ws` would choose the client's first subprotocol; only the function may choose.
    delete request.headers['sec-websocket-protocol'];
    server.once('headers', rewrite);
    server.handleUpgrade(request, socket, head, (webSocket) => {
      accepted = webSocket;
    });
    server.off('headers', rewrite);
    return accepted;
  };
}

/** AWS's answer from that of `ws`, of which only the computed accept key is needed. */
function switchingProtocols(lines: readonly string[], protocol: string | undefined): string[] {
  const acceptKey = lines.find((line) => line.startsWith('Sec-WebSocket-Accept: ')) ?? '';
  return [
    'HTTP/1.1 101 Switching Protocols',
    `Date: ${new Date().toUTCString()}`,
    'Connection: upgrade',
    'upgrade: websocket',
    acceptKey.replace('Sec-WebSocket-Accept', 'sec-websocket-accept'),
    ...(protocol === undefined ? [] : [`Sec-WebSocket-Protocol: ${protocol}`]),
  ];
}
